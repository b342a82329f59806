import type { Terminal } from '../terminal.js';

/** Text in a style, or as it is where styles are not wanted. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

// oxlint-disable-next-line no-control-regex -- that is what is looked for
const CONTROL = /\x1b\[\d+m|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Text without what a terminal would obey: names and reasons are written by others. Such a character is shown as `\x1b`.
 * @param paint keeps the styles that the text has been given with it. Default: it has none.
 */
export function harmless(text: string, paint: Paint = PLAIN): string {
  const styles = paint !== PLAIN;
  return text.replace(CONTROL, (found) =>
    found.length > 1 && styles ? found : `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}${found.slice(1)}`,
  );
}

const plain = (text: string): string => text;
const styled =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`;

const PLAIN: Paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };
const STYLED: Paint = {
  bold: styled(1, 22),
  dim: styled(2, 22),
  red: styled(31, 39),
  green: styled(32, 39),
  yellow: styled(33, 39),
  cyan: styled(36, 39),
};

/** Styles on a terminal only. `FORCE_COLOR` decides before `NO_COLOR`, which decides before the terminal. */
export function paintFor(terminal: boolean, env: Terminal['env']): Paint {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: kind } = env;
  if (force !== undefined) return force === '0' || force === 'false' ? PLAIN : STYLED;
  if (none !== undefined && none !== '') return PLAIN;
  return terminal && kind !== 'dumb' ? STYLED : PLAIN;
}
