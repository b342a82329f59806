import { widthOf } from './paint.js';

/** One column: its heading, how wide it is, and on which side its cells stand. */
export interface Column {
  readonly heading: string;
  readonly width: number;
  readonly side: 'left' | 'right';
}

/** Sets cells under each other. */
export function row(columns: readonly Column[], cells: readonly string[]): string {
  return columns
    .map(({ width, side }, at) => {
      const cell = cells[at] ?? '';
      const room = ' '.repeat(Math.max(0, width - widthOf(cell)));
      return side === 'left' ? cell + room : room + cell;
    })
    .join(' ');
}

/** The line of headings. */
export function headings(columns: readonly Column[]): string {
  return row(
    columns,
    columns.map(({ heading }) => heading),
  );
}
