import type { InTheWay, Member } from '../../pin/index.js';
import type { Version } from '../../versions/index.js';
import type { Presence } from './absences.js';

/** One thing that is in the way of finalizing, or that is waited for. Plain data. */
export interface Obstacle {
  /**
   * - `unreadable`, `final`, `held`, `other`, `unheard`: nothing is begun while it is so.
   * - `below`: a member reads less.
   * - `silent`: a member has not answered or acknowledged.
   * - `strangers`: the broker counts servers that have not said who they are.
   * - `uncounted`: the broker does not say how many servers there are.
   */
  readonly kind: 'unreadable' | 'final' | 'held' | 'other' | 'unheard' | 'below' | 'silent' | 'strangers' | 'uncounted';
  /** Whom or what it is about, by the name that people know. */
  readonly who: string;
  /** What is the matter, and what to do. */
  readonly text: string;
}

/** How a member is known to be there, when somebody waits for it. */
export interface Sighting {
  readonly presence: Presence;
  /** For how long it has been seen to be gone, in ms. */
  readonly goneFor: number;
}

/** What stands in the ledger against a finalization; a member that is below or silent depends on whether it is there. */
export function standing(obstacle: InTheWay): Obstacle | undefined {
  switch (obstacle.kind) {
    case 'unreadable':
      return {
        kind: 'unreadable',
        who: 'the ledger',
        text: `it cannot be read since offset ${obstacle.unreadable.offset}: use a build that understands it`,
      };
    case 'final': {
      const { version, author, offset } = obstacle.floor;
      return { kind: 'final', who: author, text: `${version} is final since offset ${offset}; what is below it is so as well` };
    }
    case 'held': {
      const { author, reason, id, until } = obstacle.hold;
      const far = until === undefined ? '' : ` until ${until}`;
      const why = reason === '' ? '' : ` (${reason})`;
      return { kind: 'held', who: author, text: `held${far} by ${author}${why}: release the hold ${id} first` };
    }
    case 'other': {
      const { version, author } = obstacle.prepared;
      return { kind: 'other', who: author, text: `${author} is finalizing ${version}: let that come to its end, or abort it` };
    }
    case 'unprepared':
    case 'below':
    case 'silent':
      return undefined;
  }
}

/** A version that nobody was ever seen with: a slip of the hand, which would lock everyone out. */
export function unheard(version: Version, lanes: readonly Version[]): Obstacle | undefined {
  if (lanes.includes(version)) return undefined;
  const known = lanes.length === 0 ? 'none' : lanes.join(', ');
  return { kind: 'unheard', who: version, text: `nobody has ever joined with ${version}; versions that were: ${known}` };
}

/** A member that reads less than what is to be final. */
export function below(member: Member, { presence, goneFor }: Sighting): Obstacle {
  const who = `${member.author} (${member.role}, reads ${member.window.floor} to ${member.window.version})`;
  return {
    kind: 'below',
    who: member.author,
    text: `${who} ${presence === 'connected' ? 'is connected: upgrade it, or stop it' : absent(presence, goneFor)}`,
  };
}

/** A member that has not answered, or not acknowledged. */
export function silent(member: Member, { presence, goneFor }: Sighting): Obstacle {
  const who = `${member.author} (${member.role})`;
  const there = 'is connected and does not answer: it is frozen or overloaded, or may not write to the ledger; mend it, or end it';
  return { kind: 'silent', who: member.author, text: `${who} ${presence === 'connected' ? there : absent(presence, goneFor)}` };
}

/** Servers on the roll that have not said who they are. */
export function strangers(counted: number, answered: number): Obstacle {
  return {
    kind: 'strangers',
    who: 'the roll',
    text: `the broker counts ${counted} servers, and ${answered} of the members that serve have answered: one is on its way in or out, frozen, or of a build that knows no ledger`,
  };
}

/** A census that the broker does not answer. */
export function uncounted(reason: string): Obstacle {
  return { kind: 'uncounted', who: 'the roll', text: `the broker does not say how many servers there are (${reason})` };
}

function absent(presence: Presence, goneFor: number): string {
  if (presence === 'gone') return `is gone, for ${Math.round(goneFor / 1_000)} s as far as was seen; after 10 s it is taken off the ledger`;
  return 'has not answered, and nobody can tell whether it lives: wait until the broker can say, or until it is back';
}
