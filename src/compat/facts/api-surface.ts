import { nodeOfShape, type JsonSchema, type ObjectRecord, type Snapshots } from '../../objects/index.js';
import type { Contract } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import { apiFacts, methodsAt } from './api-facts.js';
import { fingerprintOf } from './canonical.js';
import { addedIn, conversionFacts, nameBefore, renamesOf } from './conversions.js';
import { deprecatedFields, deprecatedPart, some, type DeprecatedPart } from './deprecations.js';
import type { ApiEntry } from './entry.js';
import type { ApiFacts } from './facts.js';
import type { FallbackFacts, LiveApi } from './surface.js';

/** An API at every version of its line. */
export function apiSurface(contract: Contract, snapshots: Snapshots): LiveApi {
  const { line, record } = contract;
  const messages = contract.graph.records.filter(({ kind }) => kind === 'message');
  return {
    name: contract.topic,
    className: record.name,
    versions: line.versions,
    entries: new Map(line.versions.map((version) => [version, apiEntry(contract, version, snapshots)])),
    conversions: Object.fromEntries(messages.map((message) => [message.name, conversionFacts(message)])),
    renames: record.methods.flatMap((method) => renamesOf(method.name, method.was)),
    answers: answersOf(contract),
    ended: Object.fromEntries(
      record.methods.flatMap(({ name, was, until }) => (until === undefined ? [] : [[nameBefore(name, was, until, line), until]])),
    ),
  };
}

/** Methods may share a name at different versions. */
function answersOf({ methods }: Contract): LiveApi['answers'] {
  const answers: Record<string, FallbackFacts[]> = {};
  for (const { name, returns } of methods) {
    const added = returns === undefined ? [] : addedIn(nodeOfShape(returns));
    if (added.length > 0) (answers[name] ??= []).push(...added);
  }
  return answers;
}

function apiEntry(contract: Contract, version: Version, snapshots: Snapshots): ApiEntry {
  const facts = apiFacts(contract, version, snapshots);
  const schema = schemasOf(contract, facts, snapshots);
  const deprecated = Object.fromEntries(deprecatedParts(contract, facts, snapshots));
  return { facts, schema, fingerprint: fingerprintOf(facts, schema), direction: 'both', ...some({ deprecated }) };
}

function deprecatedParts(contract: Contract, { version, messages }: ApiFacts, snapshots: Snapshots): readonly DeprecatedPart[] {
  const methods = methodsAt(contract, version).flatMap(({ name, method }) => deprecatedPart(`methods.${name}`, method.deprecated, version));
  const records = contract.graph.records.filter(({ kind, name }) => kind === 'message' && Object.hasOwn(messages, name));
  return [...methods, ...records.flatMap((record) => deprecatedFields(snapshots, record, version, `messages.${record.name}.`))];
}

/** Of each message, by `takes NAME`, and of each answer, by `METHOD returns`. */
function schemasOf(contract: Contract, { version, messages }: ApiFacts, snapshots: Snapshots): JsonSchema {
  const records = new Map(contract.graph.records.map((record): [string, ObjectRecord] => [record.name, record]));
  const schemas: Record<string, JsonSchema> = {};
  for (const name of Object.keys(messages)) {
    const record = records.get(name);
    if (record !== undefined) schemas[`takes ${name}`] = snapshots.schema(record, version);
  }
  for (const { name, method } of methodsAt(contract, version)) {
    if (method.returns !== undefined) schemas[`${name} returns`] = snapshots.shapeSchema(method.returns, version);
  }
  return schemas;
}
