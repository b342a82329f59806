import { LynchpinError } from '../../errors/index.js';
import { Census, machineClock } from '../../pin/index.js';
import { compareVersions, Line, type Version } from '../../versions/index.js';
import type { FleetParts } from '../parts.js';
import { callRoll } from '../roll-call.js';

/**
 * The highest version that all live servers of a topic read now, by the broker's own count.
 * @throws LynchpinError `NO_SERVER` when nobody serves it or the count cannot be had, `SPLIT` when they have none in common.
 */
export async function commonVersion(parts: FleetParts, topic: string, signal: AbortSignal): Promise<Version> {
  const versions = await versionsIn(parts, topic, signal);
  const unknown = (why: string): LynchpinError =>
    new LynchpinError('NO_SERVER', `what the servers of ${topic} read now is not known (${why}): say the version outright`, { topic });
  if (versions.length === 0) throw unknown('none was ever seen');
  const names = parts.topic(topic);
  const reading = await new Census(parts.broker, names, new Line(topic, versions), machineClock).look({ pinned: undefined });
  if (!reading.known) throw unknown(reading.reason);
  const common = versions.findLast((version) => reading.readers.get(version) === reading.servers);
  if (common === undefined)
    throw new LynchpinError('SPLIT', `the live servers of ${topic} have no version in common: say the version outright`, { topic });
  return common;
}

/** Every version that anyone has joined with, or reads now; oldest first. */
async function versionsIn(parts: FleetParts, topic: string, signal: AbortSignal): Promise<readonly Version[]> {
  const { lanes } = await parts.ledger(topic).look(signal);
  if (lanes.length > 0) return lanes;
  const { reports } = await callRoll(parts.broker, parts.names);
  const read = reports.flatMap(({ servers }) => servers.filter((server) => server.topic === topic).flatMap((server) => server.versions));
  return [...new Set(read)].sort(compareVersions);
}
