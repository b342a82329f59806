import type { Count } from '../../broker/index.js';
import type { Version } from '../../versions/index.js';

/** A queue that may be left over. */
export interface PruneSubject {
  /** Its name at the broker. */
  readonly queue: string;
  /** `presence`: the empty queue by which the readers of a version are counted. */
  readonly kind: 'own' | 'parked' | 'lane' | 'presence';
  /** The server of an own or a parked queue. */
  readonly server?: string;
  /** The version of a lane or a presence queue. */
  readonly version?: Version;
}

/** What is to become of a queue, and why. */
export interface PruneItem extends PruneSubject {
  /** How many messages stand ready on it; undefined where that cannot be known. */
  readonly stood: number | undefined;
  /**
   * - `delete`: it holds nothing, and nobody alive could hold anything of it.
   * - `bury`: its messages go to the dead letters, and then it is deleted.
   * - `leave`: it stays.
   */
  readonly fate: 'delete' | 'bury' | 'leave';
  /** Why, in words. */
  readonly why: string;
}

/** What is known of who is there. */
export interface PruneFacts {
  readonly topic: string;
  /** Why nobody can tell who is there; undefined while that is known. Then nothing may go. */
  readonly inTheDark: string | undefined;
  /** Servers that are members, connected or not, or answer the roll call. */
  readonly servers: ReadonlySet<string>;
  /** Versions that any member, connected or not, or any process that answers reads or speaks. */
  readonly versions: ReadonlySet<Version>;
  readonly seen: readonly (readonly [PruneSubject, Count])[];
}

/**
 * Says which queues may go. Pure. A message that somebody has in hand is in no count, so a queue goes only when everyone who
 * could have one of it in hand is known not to be there: its server, whoever reads the version, and whoever speaks it, since
 * those rescue. Queues that do not exist are left out, and so are those of servers and versions that are there.
 */
export function planPrune({ topic, inTheDark, servers, versions, seen }: PruneFacts): readonly PruneItem[] {
  return seen.flatMap(([subject, count]): PruneItem[] => {
    if (!count.known && count.reason === 'missing') return [];
    if (subject.server !== undefined && servers.has(subject.server)) return [];
    if (subject.version !== undefined && versions.has(subject.version)) return [];
    const item = { ...subject, stood: count.known ? count.ready : undefined };
    const leave = (why: string): PruneItem[] => [{ ...item, fate: 'leave', why }];
    if (inTheDark !== undefined) return leave(inTheDark);
    if (!count.known) return leave(`what stands on it is not known (${count.reason})`);
    if (count.consumers > 0) return leave('somebody consumes it who is no member');
    const { server, version } = subject;
    if (server !== undefined) {
      const gone = `${server} is no member of ${topic} and does not answer`;
      return [{ ...item, fate: count.ready > 0 ? 'bury' : 'delete', why: gone }];
    }
    if (count.ready > 0) return leave(`messages stand on it that nobody reads: rescue them first`);
    return [{ ...item, fate: 'delete', why: `nobody reads or speaks ${version ?? ''}` }];
  });
}
