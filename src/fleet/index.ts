export { drainOnSignal, type Closable, type DrainOptions } from './drain-on-signal.js';
export { health, type ClientHealth, type Health, type HealthListener, type ServerHealth } from './health.js';
export { serveHealth, type HealthOptions, type HealthServer, type HealthSubject } from './serve-health.js';
