export { pauseBefore } from './backoff.js';
export type {
  Broker,
  BrokerOptions,
  BrokerServer,
  BrokerState,
  Consumer,
  ConsumeOptions,
  Count,
  Intake,
  Port,
  PortHandlers,
  QueueOptions,
  Tap,
  UnknownReason,
} from './broker.js';
export { carriedHeaders } from './headers.js';
export type { LogAnchor, LogEntry, LogHandlers, LogReader, LogStart, LogSupport } from './log.js';
export { type Ailment, MemoryHub, type QueueFacts } from './memory/index.js';
export type { Delivery, MessageProperties, Outgoing, Returned } from './message.js';
export { fleetNamesOf, isServerName, namesOf, type FleetNames, type TopicNames } from './names.js';
export { openBroker } from './open.js';
