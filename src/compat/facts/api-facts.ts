import { nodeOfShape, type ObjectRecord, type Snapshots } from '../../objects/index.js';
import type { Contract, MethodRecord } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import type { ApiFacts, MessageFacts, MethodFacts } from './facts.js';
import { fieldFacts } from './fields.js';
import { namesIn, typeFacts } from './types.js';

/**
 * What an API is at one version. Only what is reached at that version counts: a method that comes later adds nothing to the
 * versions before it.
 */
export function apiFacts(contract: Contract, version: Version, snapshots: Snapshots): ApiFacts {
  const methods: Record<string, MethodFacts> = {};
  for (const { name, method } of methodsAt(contract, version)) methods[name] = methodFacts(contract, method, version);
  const { messages, carries } = reached(contract, version, snapshots, methods);
  return {
    kind: 'api',
    name: contract.topic,
    version,
    carries,
    methods,
    messages,
    errors: contract.record.errors.map(({ name }) => name).sort(),
  };
}

/** The methods that exist at a version, with their names then. */
export function methodsAt(contract: Contract, version: Version): readonly { readonly name: string; readonly method: MethodRecord }[] {
  return contract.methods.flatMap((method) => {
    const name = contract.wireName(method, version);
    return name === undefined ? [] : [{ name, method }];
  });
}

function methodFacts(contract: Contract, { takes, returns, idempotent }: MethodRecord, version: Version): MethodFacts {
  const taken = takes === undefined ? undefined : nodeOfShape(takes);
  const at = { line: contract.line, version };
  return {
    ...(taken === undefined ? {} : { takes: namesIn(typeFacts(taken, at))[0] ?? '' }),
    ...(returns === undefined ? {} : { returns: typeFacts(nodeOfShape(returns), at) }),
    idempotent,
  };
}

/** Follows the names from the methods on, through messages at the API's version and objects at the carried ones. */
function reached(
  contract: Contract,
  version: Version,
  snapshots: Snapshots,
  methods: ApiFacts['methods'],
): Pick<ApiFacts, 'messages' | 'carries'> {
  const records = new Map(contract.graph.records.map((record): [string, ObjectRecord] => [record.name, record]));
  const manifest = contract.graph.manifest(version);
  const messages: Record<string, MessageFacts> = {};
  const carries: Record<string, Version> = {};
  const visit = (name: string): void => {
    const record = records.get(name);
    if (record === undefined || Object.hasOwn(messages, name) || Object.hasOwn(carries, name)) return;
    const own = record.kind === 'message' ? version : manifest[name];
    if (own === undefined) return;
    const fields = fieldFacts(snapshots, record, own);
    if (record.kind === 'message') messages[name] = { fields };
    else carries[name] = own;
    for (const field of Object.values(fields)) namesIn(field.type).forEach(visit);
  };
  for (const { takes, returns } of Object.values(methods)) {
    if (takes !== undefined) visit(takes);
    if (returns !== undefined) namesIn(returns).forEach(visit);
  }
  return { messages, carries };
}
