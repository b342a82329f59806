/**
 * Every code that Lynchpin gives an error. The table is closed: `docs/errors.md` explains each one, and a test holds
 * the two together. `retry` says whether the same request may succeed later without a change by the caller.
 */
export const CODES = {
  DECLARATION: { summary: 'A contract or an object is declared in a way that cannot work.', retry: false },
  INVALID: { summary: 'Data does not fit the schema of the version that it says it is.', retry: false },
  PINNED: { summary: 'What was asked cannot be expressed at the version that the pin allows now.', retry: true },
  CONVERSION: { summary: 'A backport or upgrade function failed or returned what its target version does not allow.', retry: false },
  NO_SERVER: { summary: 'No live server reads the version that the message was sent at.', retry: true },
  NO_SUCH_SERVER: { summary: 'A message was addressed to a server that this topic has never had.', retry: false },
  NAME_IN_USE: { summary: 'Another live process serves this topic under the same server name.', retry: true },
  TIMEOUT: { summary: 'The deadline passed, or the server was silent for longer than the caller allows.', retry: true },
  CANCELLED: { summary: 'The caller gave up.', retry: false },
  MAYBE_EXECUTED: { summary: 'The work may have been done once already, and its method is not idempotent.', retry: false },
  CONNECTION: { summary: 'The broker cannot be reached, or the connection broke while the work was under way.', retry: true },
  CLOSED: { summary: 'The bus, client or server was closed.', retry: false },
  DRAINING: { summary: 'The server was leaving and could not wait any longer for the handler.', retry: true },
  REJECTED: { summary: 'The broker refused the message.', retry: true },
  FORBIDDEN: { summary: 'The broker account lacks a right that this needs.', retry: false },
  UNKNOWN_METHOD: { summary: 'The server has no such method at that version.', retry: false },
  HANDLER_FAILED: { summary: 'The handler threw an error that its contract does not declare.', retry: false },
  SPLIT: { summary: 'The live servers have no version in common.', retry: true },
  TOO_OLD: { summary: 'This build is older than everything that its peers still read.', retry: false },
  TOO_NEW: { summary: 'This build has dropped every version that its peers read.', retry: false },
  STRANDED: { summary: 'Messages stand on a lane that this build no longer reads.', retry: true },
  NO_LEDGER: { summary: 'The broker has no streams, and what was asked needs the ledger that is kept in one.', retry: false },
  NOT_FINAL: { summary: 'A version could not be made final, or what was to be taken back is not.', retry: true },
  CONTRACT_DRIFT: { summary: 'The contract is not what was released of the versions that it claims.', retry: false },
  PROTOCOL: { summary: 'A message does not follow the protocol.', retry: false },
} as const satisfies Record<string, { readonly summary: string; readonly retry: boolean }>;

/** One of the codes of {@link CODES}. */
export type ErrorCode = keyof typeof CODES;
