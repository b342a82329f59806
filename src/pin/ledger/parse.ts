import { compareVersions, type Version } from '../../versions/index.js';
import { LEDGER_FORMAT, type Content, type Counted, type Entry, type Foreign, type Life, type Newer, type ReadWindow } from './entries.js';
import { Fields, wrong } from './fields.js';
import { frozen, type Floor, type Hold, type Member, type Prepared } from './state.js';

/** No entry is longer, in bytes; a snapshot of a thousand members is a tenth of it. */
const LONGEST_BODY = 4_194_304;
/** What an entry that is not understood calls itself is repeated no further than this, in characters. */
const LONGEST_CALLED = 64;

type Common = Pick<Entry, 'id' | 'author' | 'reason' | 'at'>;

/**
 * Reads what stands in the log. Never throws: anyone may have written it.
 *
 * - What is no JSON object with a `ledger` number, or an entry of a kind that this build knows but not as it must be, is
 *   `foreign`: every build of this format skips it, so all still agree.
 * - A newer format, or an unknown kind, is `newer`: builds that understand it may decide by it. Only its writer can know
 *   that older ones may do without; it says so with `"ignorable": true`, and then it is `foreign` here.
 */
export function parseEntry(body: Uint8Array | string): Entry | Foreign | Newer {
  try {
    if (body.length > LONGEST_BODY) throw wrong('it', `at most ${LONGEST_BODY} bytes long`);
    const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
    const fields = new Fields(JSON.parse(text));
    const format = fields.whole('ledger', 1);
    const kind = format === LEDGER_FORMAT ? fields.name('kind') : String(fields.get('kind')).slice(0, LONGEST_CALLED);
    const read = format === LEDGER_FORMAT && Object.hasOwn(READERS, kind) ? READERS[kind as Entry['kind']] : undefined;
    if (read !== undefined) return frozen(read(fields, commonOf(fields)));
    if (fields.get('ignorable') === true) return frozen({ kind: 'foreign', why: `${kind} of format ${format}, which may be ignored` });
    return frozen({ kind: 'newer', format, called: kind.slice(0, LONGEST_CALLED) });
  } catch (error) {
    return frozen({ kind: 'foreign', why: error instanceof Error ? error.message : 'unreadable' });
  }
}

/** Writes an entry as it stands in the log. */
export function entryBody(entry: Entry): string {
  return JSON.stringify({ ledger: LEDGER_FORMAT, ...entry });
}

function commonOf(fields: Fields): Common {
  return { id: fields.name('id'), author: fields.name('author'), reason: fields.reason('reason'), at: fields.optionalName('at') };
}

const READERS: { readonly [K in Entry['kind']]: (fields: Fields, common: Common) => Extract<Entry, { kind: K }> } = {
  joined: (fields, common) => ({
    kind: 'joined',
    ...common,
    ...lifeOf(fields),
    role: roleOf(fields),
    window: windowOf(fields),
    queue: fields.name('queue'),
  }),
  left: (fields, common) => ({ kind: 'left', ...common, ...lifeOf(fields) }),
  hold: (fields, common) => ({ kind: 'hold', ...common, until: fields.optionalVersion('until') }),
  release: (fields, common) => ({ kind: 'release', ...common, hold: fields.name('hold') }),
  prepare: (fields, common) => ({ kind: 'prepare', ...common, version: fields.version('version') }),
  ack: (fields, common) => ({ kind: 'ack', ...common, ...lifeOf(fields), epoch: fields.whole('epoch', 0) }),
  finalize: (fields, common) => {
    const census = fields.fields('census');
    return {
      kind: 'finalize',
      ...common,
      epoch: fields.whole('epoch', 0),
      census: { before: countedOf(census.fields('before')), after: countedOf(census.fields('after')) },
    };
  },
  abort: (fields, common) => ({ kind: 'abort', ...common, epoch: fields.whole('epoch', 0) }),
  unfinalize: (fields, common) => {
    // Whoever takes back what others rely on says why.
    if (common.reason.trim() === '') throw wrong('reason', 'given');
    return { kind: 'unfinalize', ...common, epoch: fields.whole('epoch', 0) };
  },
  expire: (fields, common) => {
    const evidence = fields.fields('evidence');
    return {
      kind: 'expire',
      ...common,
      ...lifeOf(fields),
      evidence: { seen: evidence.oneOf('seen', ['gone']), looks: evidence.whole('looks', 0), over: evidence.whole('over', 0) },
    };
  },
  acted: (fields, common) => ({
    kind: 'acted',
    ...common,
    what: fields.oneOf('what', ['drain', 'forget', 'prune', 'rescue']),
    target: fields.name('target'),
  }),
  snapshot: (fields, common) => ({
    kind: 'snapshot',
    ...common,
    upTo: fields.whole('upTo', -1),
    content: snapshotContent(fields.fields('content')),
  }),
};

function lifeOf(fields: Fields): Life {
  return { instance: fields.name('instance'), incarnation: fields.whole('incarnation', 1) };
}

function roleOf(fields: Fields): Member['role'] {
  return fields.oneOf('role', ['server', 'client']);
}

function windowOf(fields: Fields): ReadWindow {
  const window = fields.fields('window');
  const [floor, version] = [window.version('floor'), window.version('version')];
  if (compareVersions(floor, version) > 0) throw wrong('window', 'from a floor up to a version');
  if (window.get('versions') === undefined) return { floor, version };
  const versions = window.list('versions', (item) => new Fields({ item }).version('item'));
  const ordered = versions.every((one, at) => at === 0 || compareVersions(versions[at - 1] as Version, one) < 0);
  if (!ordered || versions[0] !== floor || versions.at(-1) !== version)
    throw wrong('versions', 'from the floor up to the version, in order');
  return { floor, version, versions };
}

function countedOf(fields: Fields): Counted {
  return { counted: fields.whole('counted', 0), answered: fields.whole('answered', 0) };
}

function snapshotContent(fields: Fields): Content {
  return {
    members: fields.list('members', memberOf),
    departed: fields.list('departed', (item) => lifeOf(new Fields(item))),
    holds: fields.list('holds', holdOf),
    prepared: fields.get('prepared') === undefined ? undefined : preparedOf(fields.fields('prepared')),
    floors: fields.list('floors', floorOf),
    ids: fields.list('ids', nameOf),
    lanes: fields.list('lanes', (item) => new Fields({ item }).version('item')),
  };
}

/** Keys in the order in which the fold writes them: snapshots are compared as text. */
function memberOf(item: unknown): Member {
  const fields = new Fields(item);
  const [life, role, window, queue] = [lifeOf(fields), roleOf(fields), windowOf(fields), fields.name('queue')];
  return {
    ...life,
    role,
    window,
    queue,
    author: fields.name('author'),
    offset: fields.whole('offset', 0),
    acked: fields.optionalWhole('acked', 0),
  };
}

function holdOf(item: unknown): Hold {
  const fields = new Fields(item);
  return {
    ...commonOf(fields),
    offset: fields.whole('offset', 0),
    until: fields.optionalVersion('until'),
    common: fields.optionalVersion('common'),
  };
}

function preparedOf(fields: Fields): Prepared {
  return { ...decisionOf(fields), epoch: fields.whole('epoch', 0), tried: fields.list('tried', nameOf) };
}

function floorOf(item: unknown): Floor {
  const fields = new Fields(item);
  return { ...decisionOf(fields), epoch: fields.whole('epoch', 0), offset: fields.whole('offset', 0) };
}

function decisionOf(fields: Fields): Pick<Floor, 'version' | 'author' | 'reason' | 'at'> {
  const version = fields.version('version');
  return { version, author: fields.name('author'), reason: fields.reason('reason'), at: fields.optionalName('at') };
}

function nameOf(item: unknown): string {
  return new Fields({ item }).name('item');
}
