import type { Finding } from './finding.js';
import { earlyRemovals, vagueDeprecations } from './history-deprecation.js';
import { backwards, gaps, outOfOrder } from './history-line.js';
import { majorsWithoutBreak, minorsWithBreak, twoMajors } from './history-majors.js';
import { historiesOf, type HistoryInput } from './history-of.js';
import { notStamped, undescribed } from './history-release.js';
import { brokenWindows } from './history-window.js';
import { duplicates, renamedClasses } from './names.js';

/** What the rules of history find, name by name. */
export function historyFindings(input: HistoryInput): Finding[] {
  const { surface, recorded, promises = {}, bump, release } = input;
  const histories = historiesOf(input);
  return [
    ...duplicates(surface),
    ...renamedClasses(histories),
    ...histories.flatMap((history) => [
      ...backwards(history),
      ...gaps(history),
      ...twoMajors(history, bump),
      ...majorsWithoutBreak(history, bump),
      ...minorsWithBreak(history, bump),
      ...outOfOrder(history),
      ...earlyRemovals(history),
      ...vagueDeprecations(history),
      ...undescribed(history),
    ]),
    ...brokenWindows(histories, promises),
    ...(release === undefined ? [] : notStamped(recorded, release)),
  ];
}
