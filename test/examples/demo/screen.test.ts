import assert from 'node:assert/strict';
import { Screen } from '../../../examples/cinder-volume/demo/audience/index.js';
import { frame } from '../../../examples/cinder-volume/demo/audience/frame.js';
import { paint, widthOf } from '../../../examples/cinder-volume/demo/audience/paint.js';
import { Load } from '../../../examples/cinder-volume/demo/audience/spark.js';
import { Scene } from '../../../examples/cinder-volume/demo/scene/index.js';

/** A stage on which much has happened. */
function busy(): Scene {
  const scene = new Scene(() => {});
  scene.begins(2, 6, 'The upgrade, one server at a time');
  for (const name of ['volume-1', 'volume-2', 'volume-3']) {
    scene.enters('server', name, name === 'volume-1' ? 'newest' : 'ocata');
    scene.hear({ kind: 'server', name, state: 'serving' });
    scene.hear({ kind: 'handled', name, counts: { byVersion: { '3.10': 1_234_567, '3.20': 89 }, backported: 4_321 } });
  }
  for (const release of ['ocata', 'newest'] as const) {
    const name = `api-${release}`;
    scene.enters('client', name, release);
    scene.hear({ kind: 'pin', name, pin: { version: '3.10', state: 'held', by: ['volume-2', 'volume-3'], why: 'because' } });
    scene.hear({ kind: 'sent', name, counts: { calls: 123_456, casts: 98_765, early: 3, backported: 4_000, refused: 12, failed: 0 } });
  }
  scene.stands([
    { version: '3.10', waiting: 12 },
    { version: '3.20', waiting: 0 },
  ]);
  for (let at = 0; at < 12; at++)
    scene.narrate(`Something happened for the ${at}th time, and it took a whole sentence to say what it was.`);
  return scene;
}

describe('the screen of the demo', () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [40, 10],
  ] as const) {
    it(`fits on ${columns} columns and ${rows} rows`, () => {
      const lines = frame(busy(), new Load(), { columns, rows, paint: paint(true), broker: 'memory broker' });
      assert.ok(lines.length < rows, `${lines.length} lines`);
      for (const line of lines) assert.ok(widthOf(line) < columns, line);
    });
  }

  it('shows all of the table at 80 columns', () => {
    const text = frame(busy(), new Load(), { columns: 80, rows: 24, paint: paint(false), broker: 'memory broker' }).join('\n');
    for (const part of ['volume-1', '3.0 – 3.20', '1,234,567', 'held by volume-2 and volume-3', '123,456', 'FAILED', '3.10 12 waiting'])
      assert.ok(text.includes(part), part);
    assert.ok(!text.includes('…'), text);
    assert.match(text, /12th|11th/);
  });

  it('has no colours without them, and gives the terminal back as it was, once', () => {
    const written: string[] = [];
    const scene = busy();
    const screen = new Screen({ columns: 80, rows: 24, write: (text) => written.push(text) }, () => scene, {
      colours: false,
      broker: 'memory broker',
    });
    screen.close();
    screen.close();
    const all = written.join('');
    assert.equal(all.split('\x1b[?25l').length, 2);
    assert.equal(all.split('\x1b[?25h').length, 2);
    assert.ok(all.indexOf('\x1b[?1049h') < all.indexOf('\x1b[?1049l'));
    // oxlint-disable-next-line no-control-regex -- colours are control sequences
    assert.ok(!/\x1b\[[\d;]*m/.test(all));
  });
});
