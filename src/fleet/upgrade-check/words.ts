import type { Version } from '../../versions/index.js';
import { fine, type Finding } from '../doctor/index.js';
import type { Build } from './build.js';

/** What a finding says besides where it belongs. */
interface Says {
  readonly seen: string;
  readonly causes?: string;
  readonly remedy: string;
  readonly command?: string;
}

export function finding(
  id: string,
  severity: Finding['severity'],
  { topic }: Build,
  { seen, causes = '', remedy, command }: Says,
): Finding {
  return { id, severity, about: topic, seen, causes, remedy, ...(command === undefined ? {} : { command }) };
}

export function fineIn(id: string, { topic }: Build, seen: string): Finding {
  return fine(id, seen, topic);
}

/** "by ada since 2026-03-01T10:00:00Z, because of the new index". */
export function sayWhy({
  author,
  at,
  reason,
}: {
  readonly author: string;
  readonly at?: string | undefined;
  readonly reason: string;
}): string {
  return `by ${author}${at === undefined ? '' : ` since ${at}`}${reason === '' ? '' : `, "${reason}"`}`;
}

/** "3.0 to 3.2", or the one version. */
export function rangeOf(versions: readonly Version[]): string {
  const [floor, head] = [versions[0], versions.at(-1)];
  return floor === undefined ? 'nothing' : floor === head ? floor : `${floor} to ${head}`;
}

/** "1 message", "2 messages". */
export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

const MOST = 5;

export function named(names: readonly string[]): string {
  return names.length <= MOST ? names.join(', ') : `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`;
}
