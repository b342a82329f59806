export { Contract, type Read, type Write } from './contract.js';
export { Rpc, RpcApi, type RpcDecorator, type RpcProblem } from './decorators.js';
export { defineApi } from './define.js';
export { isContract } from './record-api.js';
export type { ApiRecord, MethodRecord, MethodRename } from './records.js';
export type { ApiOptions, RpcOptions } from './options.js';
export type { Answer, Implements, Method, MethodsOf, ResultOf } from './method.js';
