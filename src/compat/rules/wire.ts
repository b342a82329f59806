import { LynchpinError } from '../../errors/index.js';
import { deserialize, findRecord, type Class } from '../../objects/index.js';
import type { Contract } from '../../rpc/index.js';
import { majorOf, minorOf, type Line, type Version } from '../../versions/index.js';
import type { Declared } from '../facts/declared.js';
import type { Finding, Subject } from './finding.js';
import { found } from './found.js';

/** A reader, and what it is to read: data that says a version above the newest that is known. */
export interface NewerData {
  readonly subject: Pick<Subject, 'kind' | 'name'> & { readonly version: Version };
  /** The newest version that is known. */
  readonly head: Version;
  readonly read: () => unknown;
}

/** `wire/newer-than-known`: what reads data that is newer than itself must refuse it with a LynchpinError. */
export function readsNewer({ subject, head, read }: NewerData): Finding[] {
  const { name, version } = subject;
  let did: string;
  try {
    read();
    did = 'takes it without a word';
  } catch (error) {
    if (LynchpinError.is(error)) return [];
    did = `throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
  return [
    found({
      rule: 'wire/newer-than-known',
      subject,
      message: `What reads ${name} up to ${head} gets data of ${version} and ${did}.`,
      breaks: `a process that is rolled back while data of ${version} still waits for it`,
      fix: 'Read it with deserialize, or with the contract, which refuse it with a LynchpinError; hand other data over as it is.',
      diff: [`~ ${did}`],
    }),
  ];
}

/** What the declared objects and contracts are given to read: the next minor and the next major of each. */
export function newerData({ contracts, objects }: Declared): NewerData[] {
  return [
    ...objects.flatMap((owner) => {
      const { name, line } = findRecord(owner) ?? {};
      if (name === undefined || line === undefined) return [];
      return above(line).map((version): NewerData => {
        const read = (): unknown => deserialize(owner as Class<object>, { $object: `${name}@${version}` });
        return { subject: { kind: 'object', name, version }, head: line.head, read };
      });
    }),
    ...contracts.flatMap((contract) => {
      const read = readerOf(contract);
      if (read === undefined) return [];
      return above(contract.line).map(
        (version): NewerData => ({
          subject: { kind: 'api', name: contract.topic, version },
          head: contract.head,
          read: () => read(version),
        }),
      );
    }),
  ];
}

function above({ head }: Line): readonly Version[] {
  return [`${majorOf(head)}.${minorOf(head) + 1}`, `${majorOf(head) + 1}.0`];
}

/** Reads something that the contract has a reader for, at a version; undefined where methods neither take nor return anything. */
function readerOf(contract: Contract): ((version: Version) => unknown) | undefined {
  for (const method of contract.methods) {
    if (method.takes !== undefined) return (version) => contract.readRequest(method, version)({});
    if (method.returns !== undefined) return (version) => contract.readResult(method, version)({});
  }
  return undefined;
}
