export { Backoff, pause } from './backoff.js';
export type { Admission } from './client/admission.js';
export { Client, type ClientParts } from './client/client.js';
export type { CallSide, CastSide, OneServer, RpcClient } from './client/face.js';
export type { CallOptions, CastOptions, ClientOptions } from './client/options.js';
export { currentContext, type CallContext } from './context.js';
export {
  Contract,
  defineApi,
  isContract,
  Rpc,
  RpcApi,
  type Answer,
  type ApiOptions,
  type ApiRecord,
  type Implements,
  type Method,
  type MethodRecord,
  type MethodRename,
  type MethodsOf,
  type ResultOf,
  type RpcOptions,
} from './contract/index.js';
export { checkMove, convertRequest, type WrittenRequest } from './convert.js';
export { isCall, lifeOf, markOf, propertiesOf, wasDelivered } from './copies.js';
export { EVENTS, type ServerEvent } from './events.js';
export type { ClientCall, Interceptor, Next, ServerCall } from './interceptor.js';
export type { Holder, Pin, PinHold, PinSource, PinState } from './pin-source.js';
export { Post, type TraceContext } from './post.js';
export type { Admitted, Gate } from './server/gate.js';
export type { ServeOptions } from './server/options.js';
export { Server, type DrainBounds, type ServerParts, type ServerState } from './server/server.js';
export { unlessAborted } from './unless.js';
export { whichever } from './whichever.js';
export { ServiceError, UnknownServiceError, type ServiceErrorClass } from './service-error.js';
export { Topology } from './topology.js';
export {
  CONTROL,
  decodeCard,
  decodeDrain,
  decodeReport,
  encodeCard,
  encodeDrain,
  encodeError,
  encodeReport,
  HEADERS,
  JSON_TYPE,
  parseRequestType,
  type ClientReport,
  type DrainOrder,
  type InstanceReport,
  type ReportedMember,
  type RequestType,
  type ServerCard,
  type ServerReport,
} from './wire/index.js';
