import type { MemoryHub } from 'lynchpin';
import { runClient } from './client.js';
import type { Actor, Part, Tell } from './part.js';
import { runServer } from './server.js';

export type { Actor, ClientPart, HandledCounts, Part, PinView, Report, SentCounts, ServerPart, Tell } from './part.js';

/** Starts a server or a client; resolves once it serves, or its pin is negotiated. */
export function enact(part: Part, address: string | MemoryHub, tell: Tell): Promise<Actor> {
  return part.role === 'server' ? runServer(part, address, tell) : runClient(part, address, tell);
}
