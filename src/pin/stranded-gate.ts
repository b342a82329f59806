import { carriedHeaders, type Broker, type TopicNames } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import { lifeOf, markOf, pause, propertiesOf, wasDelivered, type Admitted, type Gate } from '../rpc/index.js';
import { compareVersions, type Line, type Version } from '../versions/index.js';
import type { Clock } from './clock.js';
import type { TopicLedger } from './topic-ledger.js';

/** What a start is checked with. */
export interface StrandedParts {
  /** What admits the server in the first place. */
  readonly gate: Gate;
  readonly ledger: TopicLedger;
  readonly broker: Broker;
  readonly names: TopicNames;
  readonly server: string;
  readonly line: Line;
  readonly clock: Clock;
}

/** For how long a lane may go on holding messages, in ms: one that older servers are emptying is empty in between. */
const PATIENCE = 3_000;
/** Between two looks, in ms. */
const PACE = 200;

/** A lane below the floor that does not run empty. */
interface Left {
  readonly version: Version;
  readonly messages: number;
  /** How many servers read it; undefined where that is not known. */
  readonly readers: number | undefined;
}

/**
 * Admits a server only when no message stands on a lane below its floor: nobody would be left who reads it once the last older
 * server is gone. Lanes of old versions are known from the ledger, where each version stands that anyone ever joined with. Asked
 * once, at the start: who was admitted is not turned away when it reconnects.
 */
export class StrandedGate implements Gate {
  readonly #parts: StrandedParts;
  #checked = false;

  constructor(parts: StrandedParts) {
    this.#parts = parts;
  }

  get member(): Gate['member'] {
    return this.#parts.gate.member;
  }

  get problem(): Error | undefined {
    return this.#parts.gate.problem;
  }

  /** @throws LynchpinError `STRANDED`, and what admitting throws. */
  async enter(signal: AbortSignal): Promise<Admitted> {
    const { gate, ledger, line } = this.#parts;
    const admitted = await gate.enter(signal);
    if (this.#checked) return admitted;
    const below = ledger.state.lanes.filter((version) => compareVersions(version, line.floor) < 0);
    try {
      if (below.length > 0) await this.#check(below, signal);
    } catch (error) {
      await gate.leave();
      throw error;
    }
    this.#checked = true;
    return admitted;
  }

  confirm(signal: AbortSignal): Promise<void> {
    return this.#parts.gate.confirm(signal);
  }

  leave(): Promise<void> {
    return this.#parts.gate.leave();
  }

  async #check(below: readonly Version[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const begun = clock.now();
    let left = await this.#holding(below);
    while (left.length > 0 && clock.now() - begun < PATIENCE) {
      await pause(PACE, signal);
      signal.throwIfAborted();
      left = await this.#holding(left.map(({ version }) => version));
    }
    const [first] = left;
    if (first !== undefined) throw await this.#refusal(left, first);
  }

  /** Those lanes on which messages stand. What is not known is no reason to refuse: the lane stays, whoever starts. */
  async #holding(versions: readonly Version[]): Promise<readonly Left[]> {
    const { broker, names } = this.#parts;
    const holding: Left[] = [];
    for (const version of versions) {
      const lane = await broker.count(names.lane(version));
      if (!lane.known || lane.ready === 0) continue;
      const roll = await broker.count(names.rollAt(version));
      const readers = roll.known ? roll.consumers : roll.reason === 'missing' ? 0 : undefined;
      holding.push({ version, messages: lane.ready, readers });
    }
    return holding;
  }

  async #refusal(left: readonly Left[], first: Left): Promise<LynchpinError> {
    const { names, line, server } = this.#parts;
    const since = first.readers === 0 ? await this.#sent(first.version).catch(() => undefined) : undefined;
    const lanes = left
      .map(({ version, messages, readers = '?' }) => `${messages} on lane ${version} (${readers} servers read it)`)
      .join(', ');
    const age = since === undefined ? '' : `; the first of ${first.version} was sent at ${since}`;
    const text = `${server} may not serve ${names.topic}: messages stand below its floor ${line.floor}: ${lanes}${age}; nobody would be left who reads them: let servers that read ${first.version} empty it, or run lynchpin rescue ${names.topic} from a package that knows ${first.version}`;
    return new LynchpinError('STRANDED', text, {
      topic: names.topic,
      window: { floor: line.floor, version: line.head },
      lanes: left,
      ...(since === undefined ? {} : { since }),
    });
  }

  /**
   * When the first message of a lane that nobody reads was sent, by its sender's clock. To learn that it has to be taken: a copy
   * goes to the end, unmarked, and only then is it acknowledged, as a rescue does with what it keeps.
   */
  async #sent(version: Version): Promise<string | undefined> {
    const { broker, names } = this.#parts;
    const queue = names.lane(version);
    const tap = await broker.openTap();
    try {
      const message = await tap.get(queue);
      if (message === undefined) return undefined;
      const headers = { ...carriedHeaders(message.headers), ...markOf(wasDelivered(message)) };
      const copy = { ...propertiesOf(message), body: message.body, expiration: lifeOf(message), exchange: '', routingKey: queue, headers };
      if ((await broker.publish(copy)) === 'confirmed') await tap.ack(message);
      return message.sent === undefined ? undefined : new Date(message.sent * 1_000).toISOString();
    } finally {
      await tap.close().catch(() => undefined);
    }
  }
}
