import assert from 'node:assert/strict';
import { EXIT } from '#lynchpin/cli/exit.js';
import * as newer from '../../rpc/fixtures/new.js';
import * as older from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';
import { HubWorld } from '../../rpc/hub.js';
import { root } from '../../style/project.js';
import { inside, type Inside, type Said } from '../support/project.js';

describe('the commands that act on a fleet', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  const lynchpin = (line: readonly string[], running: Inside = {}): Promise<Said> =>
    inside('', [...line, '--broker', 'memory:'], { hub: here.hub, ...running });
  const serve = (name: string) => here.bus(name).bus.serve(newer.VolumeApi, new NewService(name), { server: name });

  it('hold: asks first, records who and why, and says how it ends', async () => {
    await serve('volume-1');
    const hold = ['hold', 'volume', '--until', '3.3', '--reason', 'soak'];
    assert.equal((await lynchpin(hold)).code, EXIT.couldNotCheck);
    assert.equal((await lynchpin(hold, { answer: 'n' })).code, EXIT.violations);
    const held = await lynchpin([...hold, '--json', '--yes', '--author', 'grace']);
    assert.equal(held.code, EXIT.fine, held.err);
    const { id, until, author } = (JSON.parse(held.out) as { hold: { id: string; until: string; author: string } }).hold;
    assert.deepEqual([until, author], ['3.3', 'grace']);
    const two = await lynchpin(['hold', 'volume', '--reason', 'x'], { answer: 'y' });
    assert.match(two.out, /held at 3\.4 by ada@test: x/);
    // To paste: however narrow the terminal is, it is not broken into two.
    assert.match(two.out, /^ {4}lynchpin release volume --hold \S{36} --reason <text>$/m);
    assert.equal((await lynchpin(['release', 'volume', '--reason', 'y', '--yes'])).code, EXIT.couldNotCheck);
    assert.equal((await lynchpin(['release', 'volume', '--reason', 'y', '--yes', '--all', '--hold', id])).code, EXIT.couldNotCheck);
    assert.match((await lynchpin(['release', 'volume', '--reason', 'y', '--yes', '--hold', id])).out, /hold of grace on volume has ended/);
    const ledger = await lynchpin(['ledger', 'volume']);
    assert.match(ledger.out, /hold until 3\.3 .* grace .*soak/);
    assert.match(ledger.out, /release .* ada@test .*y/);
    assert.doesNotMatch(ledger.out, /joined/);
    assert.match((await lynchpin(['ledger', 'volume', '--all'])).out, /joined as server, reads 3\.0 to 3\.4/);
    const { entries } = JSON.parse((await lynchpin(['ledger', 'volume', '--json'])).out) as { entries: { kind: string }[] };
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['joined', 'hold', 'hold', 'release'],
    );
  });

  it('drain: takes a server out and says so; names those that are there', async () => {
    const server = await serve('volume-1');
    const none = await lynchpin(['drain', 'volume-7', '--yes']);
    assert.equal(none.code, EXIT.couldNotCheck);
    assert.match(none.err, /volume-1 \(volume\)/);
    const drained = await lynchpin(['drain', 'volume-1', '--reason', 'maintenance'], { answer: 'y' });
    assert.equal(drained.code, EXIT.fine, drained.err);
    assert.match(drained.out, /volume-1 has left volume\./);
    assert.equal(server.state, 'left');
    assert.match((await lynchpin(['ledger', 'volume'])).out, /acted drain volume-1 .*ada@test.*maintenance/);
  });

  it('rescue: counts with --dry-run, and moves what nobody reads with the contracts of the project', async () => {
    const { bus: sender } = here.bus('api-1');
    const server = await serve('volume-1');
    const volumes = await sender.client(newer.VolumeApi, { rescue: false });
    await server.drain();
    for (const text of ['a', 'b', 'c']) await volumes.cast.note({ text });
    await sender.close();
    const contracts = ['-C', root, '--contracts', 'build/test/rpc/fixtures/new.js'];
    const nobody = await lynchpin(['rescue', '--yes', ...contracts]);
    assert.equal(nobody.code, EXIT.violations, nobody.err);
    assert.match(nobody.out, /Nobody serves volume/);
    const service = new OldService('volume-2');
    await here.bus('volume-2').bus.serve(older.VolumeApi, service, { server: 'volume-2' });
    const dry = await lynchpin(['rescue', '--dry-run', ...contracts]);
    assert.equal(dry.code, EXIT.fine, dry.err);
    assert.match(dry.out, /read 3\.2\./);
    assert.match(dry.out, /volume@3\.4 +3 +be converted and moved/);
    assert.equal((await lynchpin(['rescue', 'volume', ...contracts], { answer: 'n' })).code, EXIT.violations);
    assert.equal(service.ran.length, 0);
    const done = await lynchpin(['rescue', 'volume', '--json', '--reason', 'roll-back', '--yes', ...contracts]);
    assert.equal(done.code, EXIT.fine, done.err);
    assert.equal((JSON.parse(done.out) as { queues: { moved: number }[] }).queues[0]?.moved, 3);
    await service.until((ran) => ran.length === 3);
    const other = await lynchpin(['rescue', 'orders', '--dry-run', ...contracts]);
    assert.deepEqual([other.code, /it has volume/.test(other.err)], [EXIT.couldNotCheck, true]);
  });

  it('finalize: says that it is final, or who is in the way; unfinalize and abort say what they came to', async () => {
    await serve('volume-1');
    const old = here.bus('volume-2').bus;
    const younger = await old.serve(older.VolumeApi, new OldService('volume-2'), { server: 'volume-2' });
    const line = (version: string) => ['finalize', 'volume', version, '--reason', 'the column goes', '--yes'];
    const refused = await lynchpin(line('3.4'));
    assert.equal(refused.code, EXIT.violations, refused.err);
    assert.match(refused.out, /volume-2/);
    await younger.drain();
    const json = await lynchpin([...line('3.4'), '--json']);
    assert.equal(json.code, EXIT.fine, json.err + json.out);
    const { outcome, final } = JSON.parse(json.out) as { outcome: string; final: { version: string; author: string } };
    assert.deepEqual([outcome, final.version, final.author], ['final', '3.4', 'ada@test']);
    assert.match((await lynchpin(line('3.4'))).out, /3\.4 of volume is final/);
    const nothing = await lynchpin(['abort', 'volume', '--reason', 'x'], { answer: 'y' });
    assert.deepEqual([nothing.code, /Nothing is being finalized/.test(nothing.out)], [EXIT.fine, true]);
    assert.equal((await lynchpin(['unfinalize', 'volume', '--reason', 'x'])).code, EXIT.couldNotCheck);
    assert.match((await lynchpin(['unfinalize', 'volume', '--reason', 'it stays', '--yes'])).out, /nothing is final now/);
    assert.equal((await lynchpin(['unfinalize', 'volume', '--reason', 'it stays', '--yes'])).code, EXIT.violations);
  });

  it('forget: refuses who is connected or unknown, and wants to know who is meant', async () => {
    await serve('volume-1');
    assert.equal((await lynchpin(['forget', 'volume-1', '--yes'])).code, EXIT.violations);
    for (const words of [[], ['volume-1', '--all-gone'], ['volume-7']]) {
      const { code } = await lynchpin(['forget', ...words, '--topic', 'volume', '--yes']);
      assert.equal(code, EXIT.couldNotCheck, words.join(' '));
    }
    const nobody = await lynchpin(['forget', '--all-gone', '--topic', 'volume', '--yes']);
    assert.deepEqual([nobody.code, /nobody was forgotten/.test(nobody.out)], [EXIT.fine, true]);
  });

  it('forget: does not call everyone connected where nobody was looked for', async () => {
    const { code, out, err } = await lynchpin(['forget', '--all-gone', '--yes']);
    assert.deepEqual([code, out, /name the topic/.test(err)], [EXIT.couldNotCheck, '', true]);
  });

  it('show what a terminal would obey, whoever wrote it, as text', async () => {
    await serve('volume-1');
    const reason = '\x1b[31mred \x1b]0;title\x07\x1b[2J gone';
    for (const colours of [{}, { rows: 40 }]) {
      const held = await lynchpin(['hold', 'volume', '--reason', reason, '--yes'], colours);
      const looked = await Promise.all(
        [['ledger', 'volume'], ['status'], ['ledger', 'volume', '--format', 'markdown']].map((line) => lynchpin(line, colours)),
      );
      for (const { out } of [held, ...looked]) {
        // oxlint-disable-next-line no-control-regex -- nothing but colours
        assert.doesNotMatch(out.replace(/\x1b\[\d+m/g, ''), /[\x00-\x09\x0b-\x1f\x7f]/);
        assert.match(out, /\\x1b\[2J\s+gone/);
        if (!('rows' in colours)) assert.ok(!out.includes('\x1b'));
      }
    }
    const refused = await lynchpin(['release', 'volume', '--reason', 'x', '--yes']);
    assert.ok(refused.code === EXIT.couldNotCheck && !refused.err.includes('\x1b'), refused.err);
  });

  it('prune: shows what would go, and takes nothing unless it is told to', async () => {
    await serve('volume-1');
    const server = await serve('volume-2');
    await server.drain();
    const own = here.names.server('volume-2');
    const nothing = await lynchpin(['prune', 'volume', '--server', 'volume-1']);
    assert.deepEqual([nothing.code, /Nothing is left over/.test(nothing.out)], [EXIT.fine, true]);
    for (const words of [[], ['--dry-run', '--yes']]) {
      const shown = await lynchpin(['prune', 'volume', ...words]);
      assert.equal(shown.code, EXIT.fine, shown.err);
      assert.match(shown.out, /server\.volume-2 .* would go .*no member/);
    }
    const refused = await lynchpin(['prune', 'volume'], { answer: 'n' });
    assert.deepEqual([refused.code, /server\.volume-2/.test(refused.err)], [EXIT.violations, true]);
    assert.notEqual(here.hub.facts(own), undefined);
  });

  it('hold and release refuse a topic that nobody has served', async () => {
    for (const line of [
      ['hold', 'volum', '--reason', 'x', '--yes'],
      ['release', 'volum', '--reason', 'x', '--yes'],
      ['ledger', 'volum'],
    ]) {
      const { code, err } = await lynchpin(line);
      assert.equal(code, EXIT.couldNotCheck);
      assert.match(err, /no topic volum/);
    }
  });
});
