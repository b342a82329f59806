export {
  CONTROL,
  decodeCancel,
  decodeCard,
  decodeFinish,
  encodeFinish,
  type FinishRequest,
  decodeDrain,
  encodeCancel,
  encodeCard,
  encodeDrain,
  type DrainOrder,
  type ServerCard,
} from './control.js';
export { decodeError, encodeError, type DeclaredErrors } from './error-form.js';
export { countHeader, HEADERS, textHeader } from './headers.js';
export { decodeJson, encodeJson, JSON_TYPE } from './json.js';
export {
  decodeReport,
  encodeReport,
  type ClientReport,
  type InstanceReport,
  type ReportedMember,
  type ServerReport,
} from './report.js';
export { formatReplyType, parseReplyType, type ReplyType } from './reply-type.js';
export { formatRequestType, parseRequestType, requestTypeReader, type RequestType } from './request-type.js';
