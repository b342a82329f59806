import type { ErrorCode } from '../../errors/index.js';
import { compareVersions, type Line, type Version } from '../../versions/index.js';

/** Which of the two releases. */
export type ReleaseName = 'old' | 'new';
/** Which servers are there: of the old release, one of each, or of the new one. */
export type SkewServers = 'old' | 'mixed' | 'new';
/**
 * Which client calls: the old release's own; the new one's, held by hand at what both releases read; or the new one's at its
 * own newest version, as one that was released and has not noticed yet what has joined.
 */
export type SkewClient = 'old' | 'pinned' | 'released';

/** What one cell is made of, and what must come of it by the versions alone. */
export interface CellPlan {
  readonly servers: SkewServers;
  readonly client: SkewClient;
  /** The releases that serve. */
  readonly serving: readonly ReleaseName[];
  /** The release that calls. */
  readonly calling: ReleaseName;
  /** The cap that the client is given; undefined for none. */
  readonly cap: Version | undefined;
  /** The version that the client sends at, whatever it finds; undefined where it negotiates. */
  readonly fixed: Version | undefined;
  /** The version that the client must come to by itself, or the code with which it must refuse to start. */
  readonly pin: Version | Refusal;
}

/** Messages of one release that wait on a queue while no server is up, and are read by the other. */
export interface QueuePlan {
  /** Who wrote them: the clients of the cells, each while servers of its own release were up. */
  readonly by: SkewClient;
  readonly calling: ReleaseName;
  /** Whose servers come up afterwards. */
  readonly readBy: ReleaseName;
  readonly cap: Version | undefined;
  /** The version that they are written in. */
  readonly version: Version;
  /** The version that they are read in: another where the readers do not know the one that they were written in. */
  readonly readAt: Version;
}

type Refusal = Extract<ErrorCode, 'TOO_OLD' | 'TOO_NEW'>;
/** The versions that each release speaks. */
export type Lines = Readonly<Record<ReleaseName, Line>>;

const SERVING: Readonly<Record<SkewServers, readonly ReleaseName[]>> = { old: ['old'], mixed: ['old', 'new'], new: ['new'] };

/** The newest version that both releases speak, or undefined. */
function sharedVersion(lines: Lines): Version | undefined {
  return [...lines.new.versions].reverse().find((version) => lines.old.has(version));
}

/** All nine cells. Pure. */
export function planCells(lines: Lines): readonly CellPlan[] {
  const shared = sharedVersion(lines);
  return (['old', 'mixed', 'new'] as const).flatMap((servers) =>
    (['old', 'pinned', 'released'] as const).map((client): CellPlan => {
      const serving = SERVING[servers];
      const calling = client === 'old' ? 'old' : 'new';
      const cap = client === 'pinned' ? (shared ?? lines.new.floor) : undefined;
      return {
        servers,
        client,
        serving,
        calling,
        cap,
        fixed: client === 'released' ? lines.new.head : undefined,
        pin: negotiated(
          lines[calling],
          cap,
          serving.map((name) => lines[name]),
        ),
      };
    }),
  );
}

/** What can wait on a queue; nothing where the releases share no version. Pure. */
export function planQueues(lines: Lines): readonly QueuePlan[] {
  const shared = sharedVersion(lines);
  if (shared === undefined) return [];
  const { old, new: newer } = lines;
  return [
    { by: 'old', calling: 'old', readBy: 'new', cap: undefined, version: old.head, readAt: newer.has(old.head) ? old.head : shared },
    { by: 'pinned', calling: 'new', readBy: 'old', cap: shared, version: shared, readAt: shared },
    {
      by: 'released',
      calling: 'new',
      readBy: 'old',
      cap: undefined,
      version: newer.head,
      readAt: old.has(newer.head) ? newer.head : shared,
    },
  ];
}

/** The pin that a client comes to among these servers: the newest version that all read, or that any reads. */
function negotiated(line: Line, cap: Version | undefined, servers: readonly Line[]): Version | Refusal {
  const versions = line.versions.filter((version) => cap === undefined || compareVersions(version, cap) <= 0).reverse();
  const found = versions.find((version) => servers.every((server) => server.has(version)));
  if (found !== undefined) return found;
  if (servers.every((server) => compareVersions(server.floor, line.head) > 0)) return 'TOO_OLD';
  if (servers.every((server) => compareVersions(server.head, line.floor) < 0)) return 'TOO_NEW';
  return versions.find((version) => servers.some((server) => server.has(version))) ?? line.floor;
}
