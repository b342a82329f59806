// A program that takes part in a run and does what the tests of the harness ask.
import { assignment, leave, note, onCommand } from './inside.js';

if (assignment.settings['crash'] === true) throw new Error('crashed on purpose');

onCommand('double', (number: number) => number * 2);
onCommand('fail', () => {
  throw new Error('failed on purpose');
});
onCommand('write', (count: number) => {
  for (let index = 0; index < count; index += 1) note({ kind: 'decoded', reference: String(index) });
});
onCommand('parse', (text: string) => void JSON.parse(text));
onCommand('clocks', () => ({
  walls: [Date.now(), new Date().getTime(), performance.timeOrigin + performance.now()],
  monotonic: performance.now(),
  isDate: new Date() instanceof Date && new Date(0).getTime() === 0,
}));
process.once('SIGTERM', leave);
note({ kind: 'ready' });
