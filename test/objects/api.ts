import { Line, type Version } from '#lynchpin/versions/index.js';
import { ObjectGraph, type Carries } from '#lynchpin/objects/index.js';
import type { Shape } from 'lynchpin';

/** A graph of an API at 3.0 to 3.4 that takes and returns the shapes. */
export function graphOf(shapes: Shape | readonly Shape[], carries: Carries = {}, head: Version = '3.4'): ObjectGraph {
  const graph = new ObjectGraph({ of: 'TestApi', line: Line.between('TestApi', '3.0', head), carries });
  for (const shape of Array.isArray(shapes) ? (shapes as readonly Shape[]) : [shapes as Shape])
    graph.add(shape, { direction: 'in', where: 'TestApi.method takes' });
  return graph;
}

/** What JSON makes of a value that is sent and received. */
export function throughText(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}
