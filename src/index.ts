export type {
  BackportDefinition,
  Definition,
  FieldDefinition,
  FieldOptions,
  LossOptions,
  MessageOptions,
  ObjectOptions,
  StepOptions,
  UpgradeDefinition,
  Was,
} from './objects/index.js';
export type { CallSide, CastSide, MethodRename, Next, OneServer, ServiceErrorClass } from './rpc/index.js';
export { CODES, type ErrorCode, type ErrorDetails, LynchpinError } from './errors/index.js';
export type { Version } from './versions/index.js';
export { applyChanges, Backport, changesOf, defineMessage, defineObject, deserialize, Field, Lossy, Message, serialize, t, Upgrade, VersionedObject, type Changes, type Class, type Default, type FieldType, type Input, type Json, type Older, type Serialized, type Shape, type ShapeValue, type Wire } from './objects/index.js';
export { defineApi, Rpc, RpcApi, ServiceError, UnknownServiceError, type Answer, type ApiOptions, type CallContext, type CallOptions, type CastOptions, type ClientCall, type ClientOptions, type Holder, type Implements, type Interceptor, type Method, type Pin, type PinState, type RpcClient, type RpcOptions, type ServerCall } from './rpc/index.js';
