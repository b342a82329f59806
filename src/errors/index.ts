export { CODES, type ErrorCode } from './codes.js';
export { LynchpinError, type ErrorDetails } from './error.js';
