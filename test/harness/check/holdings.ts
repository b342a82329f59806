import type { Delivered, WireJournal } from '../proxy/index.js';

/** How a process came to no longer hold a delivery. `open`: it still did when the journal ended. */
export type Ending = 'acked' | 'refused' | 'requeued' | 'channel-closed' | 'closed' | 'broken' | 'open';

/** A message in the hands of a process, from its delivery on. */
export interface Holding {
  readonly process: string;
  readonly delivery: Delivered;
  readonly ending: Ending;
  /** When it ended; infinity when it did not. */
  readonly until: number;
  /** When the connection that it came by broke without a goodbye; infinity when it did not. */
  readonly brokenAt: number;
}

/** What every process was handed and had to settle, with how that ended, in the order of delivery. */
export function holdingsOf(wires: readonly WireJournal[]): Holding[] {
  return wires.flatMap(holdingsOn).sort((one, other) => one.delivery.at - other.delivery.at);
}

function holdingsOn({ process, entries }: WireJournal): Holding[] {
  const ended: Holding[] = [];
  const breaks = new Map<number, number>();
  for (const entry of entries) if (entry.kind === 'lost' && !entry.clean) breaks.set(entry.connection, entry.at);
  const held = new Map<string, Delivered>();
  const end = (key: string, ending: Ending, until: number): void => {
    const delivery = held.get(key);
    if (delivery === undefined) return;
    held.delete(key);
    ended.push({ process, delivery, ending, until, brokenAt: breaks.get(delivery.connection) ?? Infinity });
  };
  for (const entry of entries) {
    switch (entry.kind) {
      case 'delivered':
        if (!entry.settled) held.set(`${entry.connection}/${entry.channel}/${entry.tag}`, entry);
        break;
      case 'acked':
      case 'refused':
      case 'requeued':
        for (const tag of entry.tags) end(`${entry.connection}/${entry.channel}/${tag}`, entry.kind, entry.at);
        break;
      case 'channel-closed':
        for (const key of held.keys()) if (key.startsWith(`${entry.connection}/${entry.channel}/`)) end(key, 'channel-closed', entry.at);
        break;
      case 'lost':
        for (const key of held.keys()) if (key.startsWith(`${entry.connection}/`)) end(key, entry.clean ? 'closed' : 'broken', entry.at);
        break;
    }
  }
  for (const key of held.keys()) end(key, 'open', Infinity);
  return ended;
}
