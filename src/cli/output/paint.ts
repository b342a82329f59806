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
