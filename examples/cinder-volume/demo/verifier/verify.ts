import { accountsOf } from './accounts.js';
import { readBooks } from './books.js';
import { type Finding, grouped } from './finding.js';
import { checkHandling } from './handling.js';
import { checkPins } from './pins.js';
import { checkSending } from './sending.js';
import { checkWindows } from './windows.js';

/**
 * Reconciles the journals of a folder: what the senders wrote with what the servers wrote.
 * @param leastCalls how many answered calls there should be at least.
 */
export function verify(folder: string, leastCalls: number): Finding[] {
  const { books, damage } = readBooks(folder);
  const accounts = [...accountsOf(books).values()];
  const lines = books.reduce((sum, { entries }) => sum + entries.length, 0);
  const servers = [...new Set(books.filter(({ by }) => by.role === 'server').map(({ by }) => by.name))];
  return [
    { text: `${books.length} journals of ${grouped(lines)} lines, each whole from its first line to its last`, violations: damage },
    checkSending(accounts, leastCalls),
    ...checkHandling(accounts, servers),
    ...checkWindows(accounts, books),
    ...checkPins(books),
  ];
}
