import assert from 'node:assert/strict';
import { defineApi, defineObject, t, type ApiOptions, type FieldOptions, type Method, type Version } from 'lynchpin';
import { found, historyFindings, type Finding, type HistoryInput, type RuleId } from '#lynchpin/compat/index.js';
import { recordedOf, releasedFrom, surfaceFrom, without } from '../support/past.js';

type Line = Pick<ApiOptions, 'version' | 'floor' | 'previous'>;

/** An object with the fields that are given, and one that is always there. */
function volume(line: Line, fields: Readonly<Record<string, FieldOptions<never>>> = {}) {
  class Volume {
    id!: string;
  }
  const declared = Object.entries(fields).map(([name, options]) => [name, [t.integer(), { optional: true, ...options }]]);
  return defineObject(Volume, { ...line, fields: { id: t.uuid(), ...Object.fromEntries(declared) } } as never);
}

/** A contract whose methods begin with the versions that are given. */
function contract(line: Line & Pick<ApiOptions, 'versions'>, methods: Readonly<Record<string, Version>> = {}) {
  class VolumeApi {
    show!: Method;
  }
  const more = Object.fromEntries(Object.entries(methods).map(([name, since]) => [name, { since }]));
  return defineApi(VolumeApi, { topic: 'volume', ...line, methods: { show: {}, ...more } } as never);
}

const history = (input: Partial<HistoryInput>): readonly Finding[] =>
  historyFindings({ surface: surfaceFrom(), recorded: recordedOf([]), bump: [], ...input });

/** Where a rule finds something: `volume@3.2`. */
const places = (rule: RuleId, input: Partial<HistoryInput>): readonly string[] =>
  history(input).flatMap((one) => (one.rule === rule ? [`${one.subject.name}@${one.subject.version}`] : []));

const bump = (rule: RuleId, kind: 'object' | 'api', name: string, version: Version, severity?: 'warn'): Finding =>
  found({
    rule,
    subject: { kind, name, version },
    message: `${name} ${version}`,
    breaks: 'peers',
    fix: 'Bump.',
    ...(severity === undefined ? {} : { severity }),
  });

describe('a gap in a history', () => {
  const gaps = (input: Partial<HistoryInput>) => places('history/gap', input);
  const added: Readonly<Record<string, Version>> = { grow: '3.1', shrink: '3.2', move: '3.3' };
  const all = releasedFrom(contract({ version: '3.3' }, added));

  it('is no floor, nor what was never recorded below it', () => {
    const late = contract({ version: '3.3', floor: '3.2' }, { move: '3.3' });
    assert.deepEqual(gaps({ surface: surfaceFrom(late) }), []);
    assert.deepEqual(gaps({ surface: surfaceFrom(late), recorded: all }), []);
    assert.deepEqual(gaps({ surface: surfaceFrom(late), recorded: without(all, 'volume@3.0') }), []);
  });

  it('is no hole of an API that lists its versions, now or once', () => {
    const holes = contract({ version: '3.3', versions: ['3.0', '3.1', '3.3'] }, { grow: '3.1', move: '3.3' });
    const recorded = releasedFrom(holes);
    assert.deepEqual(gaps({ surface: surfaceFrom(holes), recorded }), []);
    assert.deepEqual(gaps({ surface: surfaceFrom(contract({ version: '3.4', floor: '3.3' })), recorded }), []);
  });

  it('is a hole between the last release and a floor above it', () => {
    assert.deepEqual(gaps({ surface: surfaceFrom(contract({ version: '3.6', floor: '3.5' }, { a: '3.6' })), recorded: all }), [
      'volume@3.4',
    ]);
  });

  it('is a release that the list of versions leaves out', () => {
    const holes = contract({ version: '3.3', versions: ['3.0', '3.1', '3.3'] }, { grow: '3.1', move: '3.3' });
    assert.deepEqual(gaps({ surface: surfaceFrom(holes), recorded: all }), ['volume@3.2']);
  });

  it('is a number that was counted past after a release', () => {
    const recorded = releasedFrom(contract({ version: '3.1' }, { grow: '3.1' }));
    assert.deepEqual(gaps({ surface: surfaceFrom(contract({ version: '3.3' }, { grow: '3.1', move: '3.3' })), recorded }), ['volume@3.2']);
    assert.deepEqual(gaps({ surface: surfaceFrom(contract({ version: '3.3' }, added)), recorded }), []);
    assert.deepEqual(gaps({ surface: surfaceFrom(contract({ version: '3.3' }, { move: '3.3' })) }), []);
  });

  it('is only looked for among what the baseline released, too', () => {
    const surface = surfaceFrom(contract({ version: '3.6', floor: '3.5' }, { a: '3.6' }));
    assert.deepEqual(gaps({ surface, baseline: all }), ['volume@3.4']);
    assert.deepEqual(gaps({ surface, baseline: recordedOf(all.entries.map(({ released: _, ...entry }) => entry)) }), []);
  });
});

describe('a version that goes backwards', () => {
  it('is one below the newest release, here or at the baseline, and not below what is only recorded', () => {
    const surface = surfaceFrom(volume({ version: '1.1' }));
    const newer = releasedFrom(volume({ version: '1.2' }));
    assert.deepEqual(places('history/backwards', { surface, recorded: newer }), ['Volume@1.1']);
    assert.deepEqual(places('history/backwards', { surface, baseline: newer }), ['Volume@1.1']);
    const unreleased = recordedOf(newer.entries.map(({ released: _, ...entry }) => entry));
    assert.deepEqual(places('history/backwards', { surface, recorded: unreleased }), []);
  });
});

describe('majors', () => {
  const recorded = releasedFrom(volume({ version: '1.2' }, { a: { since: '1.1' }, b: { since: '1.2' } }));

  it('begin at .0', () => {
    const surface = surfaceFrom(volume({ version: '2.3', floor: '2.2' }));
    assert.deepEqual(places('history/two-majors', { surface, recorded }), ['Volume@2.2']);
    assert.deepEqual(places('history/two-majors', { surface: surfaceFrom(volume({ version: '2.1' })), recorded }), []);
    assert.deepEqual(places('history/two-majors', { surface }), []);
  });

  it('may break what no window holds, and methods that each major serves apart', () => {
    const breaking = [bump('object/type-changed', 'object', 'Volume', '2.0')];
    const both = surfaceFrom(volume({ version: '2.0', floor: '1.2', previous: { 1: '1.2' } }));
    assert.deepEqual(places('history/two-majors', { surface: both, recorded, bump: breaking }), ['Volume@2.0']);
    assert.deepEqual(places('history/two-majors', { surface: surfaceFrom(volume({ version: '2.0' })), recorded, bump: breaking }), []);
    const api = surfaceFrom(contract({ version: '3.0', floor: '2.0', previous: { 2: '2.0' } }));
    assert.deepEqual(
      places('history/two-majors', { surface: api, bump: [bump('rpc/method-removed-in-minor', 'api', 'volume', '3.0')] }),
      [],
    );
    assert.deepEqual(places('history/two-majors', { surface: api, bump: [bump('rpc/arg-type-changed', 'api', 'volume', '3.0')] }), [
      'volume@3.0',
    ]);
  });

  it('need a break, unless they are released already', () => {
    const surface = surfaceFrom(volume({ version: '2.0' }));
    const lonely = (input: Partial<HistoryInput>) => places('history/major-without-break', { surface, recorded, ...input });
    assert.deepEqual(lonely({}), ['Volume@2.0']);
    assert.deepEqual(lonely({ bump: [bump('object/type-changed', 'object', 'Volume', '2.0')] }), []);
    assert.deepEqual(lonely({ bump: [bump('object/type-changed', 'object', 'Volume', '2.0', 'warn')] }), ['Volume@2.0']);
    assert.deepEqual(lonely({ bump: [bump('object/type-changed', 'object', 'Disk', '2.0')] }), ['Volume@2.0']);
    assert.deepEqual(lonely({ recorded: recordedOf([...recorded.entries, ...releasedFrom(volume({ version: '2.0' })).entries]) }), []);
  });
});

describe('a minor with breaks', () => {
  const surface = surfaceFrom(volume({ version: '1.2' }, { a: { since: '1.1' }, b: { since: '1.2' } }));
  const two = [bump('object/type-changed', 'object', 'Volume', '1.2'), bump('object/type-narrowed', 'object', 'Volume', '1.2')];

  it('is one finding, however many breaks it has', () => {
    const [one, ...others] = history({ surface, bump: two });
    assert.equal(one?.rule, 'history/minor-with-break');
    assert.equal(one.diff.length, 2);
    assert.deepEqual(others, []);
  });

  it('is none where the breaks are less than errors, or the version is released', () => {
    assert.deepEqual(history({ surface, bump: [bump('object/type-changed', 'object', 'Volume', '1.2', 'warn')] }), []);
    const recorded = releasedFrom(volume({ version: '1.2' }, { a: { since: '1.1' }, b: { since: '1.2' } }));
    assert.deepEqual(history({ surface, recorded, bump: two }), []);
  });
});

describe('a window', () => {
  const broken = (input: Partial<HistoryInput>) => places('history/window-broken', input);

  it('must hold what is promised, under a name that exists', () => {
    const surface = surfaceFrom(contract({ version: '3.3', floor: '3.1' }));
    assert.deepEqual(broken({ surface, promises: { volume: '3.1' } }), []);
    assert.deepEqual(broken({ surface, promises: { volume: '3.0' } }), ['volume@3.0']);
    assert.deepEqual(broken({ surface, promises: { volume: '3.4' } }), ['volume@3.4']);
    assert.deepEqual(broken({ surface, promises: { volumes: '3.1' } }), ['volumes@3.1']);
    assert.deepEqual(broken({ recorded: releasedFrom(contract({ version: '3.3' })), promises: { volume: '3.1' } }), ['volume@3.1']);
  });

  it('of an API must hold the newest release, or nobody can upgrade', () => {
    const recorded = releasedFrom(contract({ version: '3.1' }));
    assert.deepEqual(broken({ surface: surfaceFrom(contract({ version: '3.2', floor: '3.1' })), recorded }), []);
    assert.deepEqual(broken({ surface: surfaceFrom(contract({ version: '3.2', floor: '3.2' })), recorded }), ['volume@3.1']);
    assert.deepEqual(broken({ surface: surfaceFrom(contract({ version: '4.0' })), recorded }), ['volume@3.1']);
  });

  it("of an object need not: what no API carries and nobody promised is nobody else's business", () => {
    const recorded = releasedFrom(volume({ version: '1.1' }));
    assert.deepEqual(broken({ surface: surfaceFrom(volume({ version: '1.2', floor: '1.2' })), recorded }), []);
  });
});

describe('an announced end', () => {
  const grown = (options: FieldOptions<never>, version: Version = '1.2') => volume({ version }, { grown: { since: '1.1', ...options } });
  const announcing = (removeIn: Version) => releasedFrom(grown({ deprecated: { since: '1.1', use: 'size', removeIn } }, '1.1'));
  const early = (input: Partial<HistoryInput>) => places('history/early-removal', input);
  const gone = surfaceFrom(grown({ until: '1.2' }));

  it('is kept by what stays until then', () => {
    assert.deepEqual(early({ surface: surfaceFrom(grown({})), recorded: announcing('2.0') }), []);
    assert.deepEqual(early({ surface: gone, recorded: announcing('1.2') }), []);
    assert.deepEqual(early({ surface: gone, recorded: announcing('1.3') }), ['Volume@1.2']);
    assert.deepEqual(early({ surface: gone, baseline: announcing('1.3') }), ['Volume@1.2']);
  });

  it('counts where it stands in the code itself', () => {
    const deprecated = { since: '1.1', use: 'size', removeIn: '2.0' } as const;
    assert.deepEqual(early({ surface: surfaceFrom(grown({ until: '1.2', deprecated })) }), ['Volume@1.2']);
  });

  it('cannot be brought forward afterwards', () => {
    const sooner = surfaceFrom(grown({ until: '1.2', deprecated: { since: '1.1', use: 'size', removeIn: '1.2' } }));
    assert.deepEqual(early({ surface: sooner, recorded: announcing('2.0') }), ['Volume@1.2']);
  });

  it('is no rename', () => {
    const renamed = volume({ version: '1.2' }, { size: { since: '1.1', was: { until: '1.2', name: 'grown' } } });
    assert.deepEqual(early({ surface: surfaceFrom(renamed), recorded: announcing('2.0') }), []);
  });

  it('is looked for in methods as in fields', () => {
    class VolumeApi {
      show!: Method;
      stop!: Method;
    }
    const deprecated = { since: '3.0', use: 'show', removeIn: '4.0' } as const;
    defineApi(VolumeApi, { topic: 'volume', version: '3.1', methods: { show: {}, stop: { until: '3.1', deprecated } } });
    assert.deepEqual(
      history({ surface: surfaceFrom(VolumeApi) }).flatMap(({ rule, subject }) => (rule === 'history/early-removal' ? [subject.path] : [])),
      ['methods.stop'],
    );
  });
});

describe('a release', () => {
  const surface = surfaceFrom(volume({ version: '1.1' }, { a: { since: '1.1' } }));
  const recorded = recordedOf(surface.objects.flatMap(({ entries }) => [...entries.values()]));

  it('must be stamped when it is made, and not before', () => {
    const stamps = (release?: string) =>
      history({ surface, recorded, ...(release === undefined ? {} : { release }) }).map(({ rule }) => rule);
    assert.deepEqual(stamps('1.4.2'), ['history/release-not-stamped']);
    assert.deepEqual(stamps(), []);
  });

  it('has a line for each version after the first release', () => {
    const first = releasedFrom(volume({ version: '1.0' }));
    assert.deepEqual(places('history/changelog-missing', { surface, recorded: first }), ['Volume@1.1']);
    assert.deepEqual(places('history/changelog-missing', { surface }), []);
  });
});

describe('names', () => {
  const disk = (version: Version, field: string) => {
    class Disk {
      id!: string;
    }
    return defineObject(Disk, { version, fields: { id: t.uuid(), [field]: [t.integer(), { optional: true }] } } as never);
  };
  const recorded = releasedFrom(volume({ version: '1.0' }, { a: {} }));
  const renamed = (input: Partial<HistoryInput>) => places('name/renamed-class', input);

  it('were renamed where the one is gone and the other says the same', () => {
    assert.deepEqual(renamed({ surface: surfaceFrom(disk('1.0', 'a')), recorded }), ['Volume@1.0']);
    assert.deepEqual(renamed({ surface: surfaceFrom(disk('1.1', 'a')), recorded }), ['Volume@1.0']);
  });

  it('were not where the other differs, was there before, or the one is still there', () => {
    assert.deepEqual(renamed({ surface: surfaceFrom(disk('1.0', 'b')), recorded }), []);
    assert.deepEqual(renamed({ surface: surfaceFrom(disk('2.0', 'a')), recorded }), []);
    const both = recordedOf([...recorded.entries, ...releasedFrom(disk('1.0', 'a')).entries]);
    assert.deepEqual(renamed({ surface: surfaceFrom(disk('1.0', 'a')), recorded: both }), []);
    assert.deepEqual(renamed({ surface: surfaceFrom(disk('1.0', 'a'), volume({ version: '1.0' }, { a: {} })), recorded }), []);
  });
});
