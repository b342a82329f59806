export { type Compose, Load, type Request, type Send } from './load.js';
