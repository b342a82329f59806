export { Bus, type ClientView } from './bus.js';
export { connect } from './connect.js';
export type { ClientOptions, ConnectOptions } from './options.js';
