export type {
  Accepted,
  Bounced,
  ChannelClosed,
  Consuming,
  Delivered,
  Fault,
  Lost,
  Named,
  Opened,
  Published,
  Settled,
  WireEntry,
  WireJournal,
  WireMessage,
} from './entry.js';
export { Proxy, type ProxyOptions } from './proxy.js';
export { readWireJournals, WIRE_SUFFIX } from './reader.js';
