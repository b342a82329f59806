import { declaredIn, readAcceptances, readRecording, inspection, RULES, type Finding, type Law } from '../../compat/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Class } from '../../objects/index.js';
import { isClass } from '../classes.js';
import { fail } from '../failure.js';
import { findingsText } from '../finding-text.js';
import { placeOf, type RecordingOptions } from '../suite/options.js';

/** What is compared with its recording: a class, a list of classes, the module that exports them, or what loads it. */
export type Source = Class<object> | readonly Class<object>[] | Readonly<Record<string, unknown>> | (() => Promise<unknown>);

/** Nothing, or a promise of nothing where the source is loaded first. */
export type Asserted<S> = S extends Class<object> ? void : S extends () => Promise<unknown> ? Promise<void> : void;

/** Today's code says what was recorded, at each of its versions. */
export function assertUnchanged<S extends Source>(source: S, options: RecordingOptions = {}): Asserted<S> {
  return asserted(source, (module) => check(module, options, 'identity', assertUnchanged));
}

/** Every version is recorded, and the line of versions is one that could have come about. */
export function assertHistory<S extends Source>(source: S, options: RecordingOptions = {}): Asserted<S> {
  return asserted(source, (module) => check(module, options, 'history', assertHistory));
}

function asserted<S extends Source>(source: S, work: (module: unknown) => void): Asserted<S> {
  const loads = typeof source === 'function' && !isClass(source);
  return (loads ? (source as () => Promise<unknown>)().then(work) : work(source)) as Asserted<S>;
}

function check(source: unknown, options: RecordingOptions, law: Law, caller: typeof assertUnchanged): void {
  const module = Array.isArray(source) ? Object.assign({}, source) : isClass(source) ? { source } : source;
  const declared = declaredIn(module);
  if (declared.contracts.length + declared.objects.length === 0)
    throw new LynchpinError('DECLARATION', 'there is no contract and no versioned object in what is to be compared with its recording');
  const { folder, settings } = placeOf(options);
  const { surface, findings } = inspection({
    declared,
    recording: readRecording(folder),
    settings,
    acceptances: readAcceptances(folder),
    today: new Date(),
    ci: true,
    laws: false,
  });
  const names = new Set([...surface.objects, ...surface.apis].map(({ name }) => name));
  const speaks = (finding: Finding): boolean =>
    (RULES[finding.rule].law === law || finding.rule === 'lock/missing-entry') && names.has(finding.subject.name);
  const errors = findings.filter((finding) => finding.severity === 'error' && speaks(finding));
  if (errors.length > 0) fail({ message: findingsText(errors) }, caller);
}
