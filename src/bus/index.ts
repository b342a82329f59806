export { Bus } from './bus.js';
export type { ClientView } from './client-view.js';
export { connect } from './connect.js';
export type { ClientOptions, ConnectOptions } from './options.js';
export type { PinChange } from './pins.js';
export { rereadPinsOnSignal, type Rereadable, type RereadOptions } from './reread-on-signal.js';
