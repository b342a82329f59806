import { LynchpinError } from '../../errors/index.js';
import { Line } from '../../versions/index.js';
import type { SkewOptions } from './options.js';
import type { Described } from './messages.js';
import { Ground } from './ground.js';
import { markAt } from './marks.js';
import type { Lines, ReleaseName } from './plan.js';
import { ReleaseProcess } from './process.js';

type Processes = Readonly<Record<ReleaseName, ReleaseProcess>>;

/** The processes of a run, each of one release, and the broker between them. */
export class Stage {
  #marks = 0;

  private constructor(
    readonly servers: Processes,
    readonly clients: Processes,
    readonly described: Readonly<Record<ReleaseName, Described>>,
    readonly lines: Lines,
    readonly ground: Ground,
  ) {}

  /** @param folders where the packages are. @throws LynchpinError `DECLARATION`, `CONNECTION`. */
  static async open(
    options: SkewOptions,
    folders: Readonly<Record<ReleaseName, string>>,
    broker: string,
    started: (process: ReleaseProcess) => void,
  ): Promise<Stage> {
    const start = (title: string): ReleaseProcess => {
      const process = new ReleaseProcess(title);
      started(process);
      return process;
    };
    const load = async (process: ReleaseProcess, name: ReleaseName): Promise<Described> => {
      const { contract, export: exported, service } = options[name];
      return process.ask('load', {
        folder: folders[name],
        contract,
        export: exported,
        service,
        broker,
        requests: options.requests ?? {},
        callTimeout: options.callTimeoutMs ?? 15_000,
      });
    };
    const servers = { old: start('the server of the old release'), new: start('the server of the new release') };
    const clients = { old: start('the client of the old release'), new: start('the client of the new release') };
    const [old, newer] = await Promise.all([
      load(servers.old, 'old'),
      load(servers.new, 'new'),
      load(clients.old, 'old'),
      load(clients.new, 'new'),
    ]);
    if (old.topic !== newer.topic)
      throw new LynchpinError(
        'DECLARATION',
        `the old release speaks on the topic ${old.topic} and the new one on ${newer.topic}: they never meet`,
        {
          old: old.topic,
          new: newer.topic,
        },
      );
    const lines = { old: new Line(old.package, old.versions), new: new Line(newer.package, newer.versions) };
    const versions = [...new Set([...old.versions, ...newer.versions])];
    const ground = await Ground.open(broker, old.topic, versions, [serverOf('old'), serverOf('new')]);
    return new Stage(servers, clients, { old, new: newer }, lines, ground);
  }

  /** A mark that no other request of the run has. */
  nextMark(): string {
    this.#marks += 1;
    return markAt(this.#marks);
  }

  /** Closes what the processes have of a namespace, and deletes it. */
  async clear(namespace: string): Promise<void> {
    await Promise.all(
      [...Object.values(this.clients), ...Object.values(this.servers)].map((process) => process.ask('shut', { namespace })),
    );
    this.ground.clear(namespace);
  }
}

/** The name under which the server of a release serves. */
export function serverOf(release: ReleaseName): string {
  return `${release}-1`;
}
