/**
 * Checks that files stay short: none in `src/` over 500 lines, nine in ten under 300.
 *
 *     node scripts/lengths.js [root]
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from './files.js';

/**
 * @param {string} root the project's folder
 * @returns {{ violations: string[], summary: string }}
 */
export function lengths(root) {
  const sizes = filesBelow(root, 'src')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const violations = sizes.filter(({ lines }) => lines > 500).map(({ file, lines }) => `${file}: ${lines} lines, more than 500`);
  const long = sizes.filter(({ lines }) => lines >= 300);
  if (long.length * 10 > sizes.length) {
    violations.push(`more than one file in ten has 300 lines or more: ${long.map(({ file, lines }) => `${file} (${lines})`).join(', ')}`);
  }
  const middle = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0;
  return { violations, summary: `${sizes.length} files, median ${middle} lines, longest ${sizes.at(-1)?.lines ?? 0}.` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { violations, summary } = lengths(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exit(1);
  console.log(summary);
}
