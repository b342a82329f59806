export { CODES, type ErrorCode, type ErrorDetails, LynchpinError } from './errors/index.js';
export type { Version } from './versions/index.js';
export { Backport, defineMessage, defineObject, Field, Lossy, Message, t, Upgrade, VersionedObject, type Class, type Default, type FieldType, type Input, type Json, type Older, type Shape, type ShapeValue, type Wire } from './objects/index.js';
