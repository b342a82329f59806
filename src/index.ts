export { CODES, type ErrorCode, type ErrorDetails, LynchpinError } from './errors/index.js';
export type { Version } from './versions/index.js';
