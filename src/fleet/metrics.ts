import { compareVersions } from '../versions/index.js';
import type { ClientHealth, Health } from './health.js';

/** The content type of Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Writes how a bus is in the text format of Prometheus, 0.0.4. Pure. Everything is a gauge: what it counts goes up and down. */
export function metricsOf({ ready, state, servers, clients }: Health): string {
  const topics = lowestPins(clients);
  return [
    ...family('lynchpin_ready', 'Whether this process may be sent work.', [{ labels: {}, value: Number(ready) }]),
    ...family('lynchpin_broker_state', 'The state of the connection to the broker.', [{ labels: { state }, value: 1 }]),
    ...family(
      'lynchpin_server_state',
      'Where each server is between joining and having left.',
      servers.map(({ topic, name, state }) => ({ labels: { topic, server: name, state }, value: 1 })),
    ),
    ...family(
      'lynchpin_requests_running',
      'Handlers that run.',
      servers.map(({ topic, name, load }) => ({ labels: { topic, server: name }, value: load.running })),
    ),
    ...family(
      'lynchpin_requests_waiting',
      'Requests that wait for their turn.',
      servers.map(({ topic, name, load }) => ({ labels: { topic, server: name }, value: load.waiting })),
    ),
    ...family(
      'lynchpin_pin',
      'The version that is sent now, and why it is that version.',
      topics.map(({ topic, pin }) => ({ labels: { topic, version: pin.version, state: pin.state }, value: 1 })),
    ),
    ...family(
      'lynchpin_pin_final',
      'The version that is final: nothing older may join.',
      topics.flatMap(({ topic, pin }) => (pin.final === undefined ? [] : [{ labels: { topic, version: pin.final }, value: 1 }])),
    ),
    ...family(
      'lynchpin_pin_held_back',
      'Whether a hold is all that keeps the pin from rising.',
      topics.map(({ topic, pin }) => ({ labels: { topic }, value: Number(pin.heldBack !== undefined) })),
    ),
    ...family(
      'lynchpin_stranded_messages',
      'Messages on lanes that nobody reads.',
      topics.flatMap(({ topic, stranded }) => [...stranded].map(([version, value]) => ({ labels: { topic, version }, value }))),
    ),
    '',
  ].join('\n');
}

/** One client for each topic: where a process has several, the one whose pin is the lowest, since that is what is waited for. */
function lowestPins(clients: readonly ClientHealth[]): readonly ClientHealth[] {
  const lowest = new Map<string, ClientHealth>();
  for (const client of clients) {
    const other = lowest.get(client.topic);
    if (other === undefined || compareVersions(client.pin.version, other.pin.version) < 0) lowest.set(client.topic, client);
  }
  return [...lowest.values()];
}

function family(name: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples.map(({ labels, value }) => `${name}${written(labels)} ${value}`)];
}

function written(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
