import { LynchpinError } from '../../errors/index.js';
import { didYouMean } from '../../objects/index.js';
import { parseVersion } from '../../versions/index.js';
import { RULES, type Rule, type RuleId } from '../rules/catalog.js';
import type { Severity } from '../rules/finding.js';
import type { Settings } from './settings.js';

const KEYS = ['contracts', 'recording', 'severity', 'promises'];
const SEVERITIES: readonly string[] = ['error', 'warn', 'info', 'off'] satisfies Severity[];

/**
 * Checks settings as they come out of a JSON file.
 * @param where for messages: "lynchpin.config.json".
 * @throws LynchpinError `DECLARATION` for what is not understood: an unknown key or rule, a rule that cannot be set.
 */
export function parseSettings(json: unknown, where: string): Settings {
  const settings = objectAt(json, where);
  for (const key of Object.keys(settings)) {
    if (!KEYS.includes(key)) fail(`${where} has no setting ${JSON.stringify(key)}.${didYouMean(key, KEYS)}`, where, key);
  }
  const { contracts, recording, severity, promises } = settings;
  return {
    ...(contracts === undefined ? {} : { contracts: contractsAt(contracts, where) }),
    ...(recording === undefined ? {} : { recording: textAt(recording, where, 'recording') }),
    ...(severity === undefined ? {} : { severity: severitiesAt(severity, where) }),
    ...(promises === undefined ? {} : { promises: promisesAt(promises, where) }),
  };
}

function contractsAt(json: unknown, where: string): readonly string[] {
  if (Array.isArray(json) && json.length > 0) return json.map((one, at) => textAt(one, where, `contracts[${at}]`));
  return fail(
    `contracts of ${where} must list at least one module, as in ["./src/contracts.ts"]; got ${JSON.stringify(json)}`,
    where,
    'contracts',
  );
}

function severitiesAt(json: unknown, where: string): Readonly<Record<string, Severity>> {
  const severities = objectAt(json, `severity of ${where}`);
  for (const [key, value] of Object.entries(severities)) {
    const [rule = '', place] = key.split('@', 2);
    checkRule(rule, where, key);
    if (place === '') fail(`${JSON.stringify(key)} in ${where} names no place: write ${rule}@Volume.fields.tier`, where, key);
    if (typeof value === 'string' && SEVERITIES.includes(value)) continue;
    fail(`severity of ${key} in ${where} must be one of ${SEVERITIES.join(', ')}; got ${JSON.stringify(value)}`, where, key);
  }
  return severities as Record<string, Severity>;
}

function checkRule(id: string, where: string, key: string): void {
  if (!Object.hasOwn(RULES, id)) fail(`${where} names a rule ${id} that does not exist.${didYouMean(id, Object.keys(RULES))}`, where, key);
  const { fixed }: Rule = RULES[id as RuleId];
  if (fixed !== true) return;
  fail(
    `${where} sets the severity of ${id}, which is a law and stays an error. A single finding of it can be accepted with a reason: npx lynchpin compat accept`,
    where,
    key,
  );
}

function promisesAt(json: unknown, where: string): NonNullable<Settings['promises']> {
  const promises = objectAt(json, `promises of ${where}`);
  return Object.fromEntries(
    Object.entries(promises).map(([name, version]) => [name, parseVersion(version, `the promise of ${name} in ${where}`)]),
  );
}

function objectAt(json: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  return fail(`${where} must be an object; got ${JSON.stringify(json)}`, where);
}

function textAt(json: unknown, where: string, key: string): string {
  if (typeof json === 'string' && json !== '') return json;
  return fail(`${key} of ${where} must be a path; got ${JSON.stringify(json)}`, where, key);
}

function fail(message: string, where: string, key?: string): never {
  throw new LynchpinError('DECLARATION', message, { where, ...(key === undefined ? {} : { key }) });
}
