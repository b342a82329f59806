import type { Json } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import { firstDifference } from './difference.js';
import type { Handled, Sent } from './messages.js';
import type { SkewFailure, SkewOutcomes } from './result.js';

/** Failures and outcomes of a cell while they are gathered. Pure but for what it gathers. */
export class Verdict {
  readonly #expected = new Map<string, number>();
  readonly #observed = new Map<string, number>();
  readonly #failures = new Map<string, SkewFailure>();

  get expected(): SkewOutcomes {
    return Object.fromEntries(this.#expected);
  }

  get observed(): SkewOutcomes {
    return Object.fromEntries(this.#observed);
  }

  get failures(): readonly SkewFailure[] {
    return [...this.#failures.values()];
  }

  /** Counts one request. */
  count(expected: string, observed: string): void {
    this.#expected.set(expected, (this.#expected.get(expected) ?? 0) + 1);
    this.#observed.set(observed, (this.#observed.get(observed) ?? 0) + 1);
  }

  /** The same thing found again is counted, not repeated. */
  fail(failure: Omit<SkewFailure, 'times'>): void {
    const { method, direction, path, version } = failure;
    const key = `${method} ${direction} ${path.replace(/\[\d+\]/g, '[]')} ${version}`;
    const times = (this.#failures.get(key)?.times ?? 0) + 1;
    this.#failures.set(key, { ...(this.#failures.get(key) ?? failure), times });
  }

  /** Judges how one request ended. `handled` is what a handler noted of it, if one had it. */
  outcome(sent: Sent, expected: string, handled?: Handled): void {
    this.count(expected, sent.observed);
    if (sent.observed === expected) return;
    const reason = sent.reason === undefined ? '' : `: ${cut(withoutCode(sent))}`;
    this.fail({
      method: sent.method,
      version: sent.version,
      // What a handler had and the caller did not get is lost on the way back.
      direction: expected !== 'handled' ? 'outcome' : handled === undefined ? 'request' : 'result',
      path: '',
      message: `${sent.method} at ${sent.version}: expected ${expected}, got ${sent.observed}${reason}`,
    });
  }

  /** Judges what one handler got and what its caller got of it. */
  exchange(sent: Sent, handled: Handled): void {
    const { method, version, server } = handled;
    const to = `from the client to ${server}`;
    const at = { method: sent.method, version: sent.version };
    if (sent.lost !== undefined)
      this.#differs(
        { ...at, direction: 'request', path: sent.lost },
        `the client loses ${sent.lost} on the way to ${sent.version}, and no declaration says so`,
      );
    if (version !== sent.version)
      this.#differs(
        { ...at, direction: 'request', path: '' },
        `${server} was handed a message of ${version} that was sent at ${sent.version}`,
      );
    else if (handled.unwritable !== undefined)
      this.#differs({ ...at, direction: 'request', path: '' }, `${server} cannot say in ${version} what it got: ${handled.unwritable}`);
    else this.data({ ...at, direction: 'request' }, sent.written, handled.request, to);
    if (handled.threw !== undefined || sent.results === undefined) return;
    if (handled.lost !== undefined)
      this.#differs(
        { method, version: handled.answered, direction: 'result', path: handled.lost },
        `${server} loses ${handled.lost} of the result on the way to ${handled.answered}, and no declaration says so`,
      );
    this.data(
      { method: sent.method, version: handled.answered, direction: 'result' },
      handled.answer,
      sent.results[handled.answered],
      `from ${server} to the client`,
    );
  }

  /** Judges data that went from one side to the other. */
  data(where: Pick<SkewFailure, 'method' | 'version' | 'direction'>, sent: Json | undefined, got: Json | undefined, way: string): void {
    const found = firstDifference(sent, got);
    if (found === undefined) return;
    const { path, expected } = found;
    this.#differs({ ...where, path }, `${path === '' ? 'the value' : path} ${changed(expected, found.got)} on the way ${way}`);
  }

  #differs(where: Omit<SkewFailure, 'message' | 'times'>, what: string): void {
    this.fail({ ...where, message: `${where.method} at ${where.version}, ${where.direction}: ${what}` });
  }
}

/** What must become of a request, by the versions alone. */
export function expectedOf(sent: Sent, isRead: (version: Version) => boolean): string {
  if (sent.predicted !== 'sent') return sent.predicted;
  return isRead(sent.version) ? 'handled' : 'NO_SERVER';
}

function changed(expected: unknown, got: unknown): string {
  if (got === undefined) return `(${show(expected)}) was lost`;
  if (expected === undefined) return `(${show(got)}) was added`;
  return `turned from ${show(expected)} into ${show(got)}`;
}

function show(value: unknown): string {
  return cut(JSON.stringify(value) ?? 'nothing', 60);
}

function withoutCode({ reason = '', observed }: Sent): string {
  return reason.replace(new RegExp(`^${observed}: `), '');
}

function cut(text: string, most = 300): string {
  return text.length > most ? `${text.slice(0, most)}...` : text;
}
