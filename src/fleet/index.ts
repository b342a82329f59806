export { drainOnSignal, type Closable, type DrainOptions } from './drain-on-signal.js';
export { readiness, type Readiness } from './readiness.js';
