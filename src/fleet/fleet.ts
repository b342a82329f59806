import { LynchpinError } from '../errors/index.js';
import type { Class } from '../objects/index.js';
import type { Hold } from '../pin/index.js';
import type { Version } from '../versions/index.js';
import {
  drain,
  type DrainProgress,
  type FleetDrainOptions,
  type FleetRescueOptions,
  history,
  hold,
  prune,
  release,
  rescue,
  type ActionOptions,
  type HistoryEntry,
  type HoldOptions,
  type ReasonedOptions,
  type Pruned,
  type PruneOptions,
  type ReleaseOptions,
  type RescueReport,
} from './actions/index.js';
import { askHeads, examine, virtualHostOf, type Diagnosis, type DoctorOptions } from './doctor/index.js';
import {
  abort,
  finalize,
  FinalVersions,
  unfinalize,
  type Aborted,
  type FinalVersionOptions,
  type Finalized,
  type FinalizeOptions,
  type Unfinalized,
} from './finalizing/index.js';
import { forget, type Forgotten, type ForgetOptions } from './forget.js';
import type { FleetParts } from './parts.js';
import { callRoll, type RollCall, type RollCallOptions } from './roll-call.js';
import { upgradeCheck, type Build, type UpgradeCheck, type UpgradeCheckOptions } from './upgrade-check/index.js';
import {
  gather,
  instancesOf,
  lanesOf,
  statusOf,
  topicsOf,
  Watching,
  whyOf,
  type FleetStatus,
  type InstanceView,
  type Lanes,
  type LanesOptions,
  type LookOptions,
  type WatchOptions,
  type Why,
} from './views/index.js';

/** All processes of one namespace, as operators see them. `bus.fleet` is one. */
export class Fleet {
  readonly #parts: FleetParts;
  readonly #finalVersions: FinalVersions | undefined;

  constructor(parts: FleetParts) {
    this.#parts = { salvaging: new Set(), ...parts };
    this.#finalVersions = parts.own === undefined ? undefined : new FinalVersions(parts, parts.own);
  }

  /** Asks every process of the namespace what it is and does. Who is frozen or cut off does not answer. */
  rollCall(options: RollCallOptions = {}): Promise<RollCall> {
    return callRoll(this.#parts.broker, this.#parts.names, options);
  }

  /**
   * The topics that processes serve or call, in the order of their names. One whose processes are all down is not among them:
   * a broker cannot be asked for its queues.
   * @throws LynchpinError `CONNECTION`, `FORBIDDEN`.
   */
  async topics(): Promise<readonly string[]> {
    return topicsOf((await this.rollCall()).reports);
  }

  /**
   * How everything is: who serves and calls what at which version, what is held, final, waiting. Never throws over the broker: what
   * is not known is said to be unknown.
   * @throws LynchpinError `DECLARATION` for a name that no topic can have.
   */
  async status(options: LookOptions = {}): Promise<FleetStatus> {
    return statusOf(await gather(this.#parts, { ...options, queues: 'parked' }));
  }

  /**
   * Who holds the pin of a topic, and what would release it; the first cause is what to look after first. Never throws over the
   * broker.
   * @throws LynchpinError `DECLARATION` for a name that no topic can have.
   */
  async why(topic: string, { timeout }: Pick<LookOptions, 'timeout'> = {}): Promise<Why> {
    const fleet = await gather(this.#parts, { topics: [topic], only: true, queues: 'none', timeout });
    return whyOf(fleet, topic);
  }

  /**
   * Every process: those that answer, and members of the ledgers that do not. Never throws over the broker.
   * @throws LynchpinError `DECLARATION` for a name that no topic can have.
   */
  async instances(options: LookOptions = {}): Promise<readonly InstanceView[]> {
    return instancesOf(await gather(this.#parts, { ...options, counts: false }));
  }

  /**
   * Where the messages of a topic stand, and who reads them. Never throws over the broker.
   * @throws LynchpinError `DECLARATION` for a name that no topic can have.
   */
  async lanes(topic: string, { timeout = 10_000, management }: LanesOptions = {}): Promise<Lanes> {
    const { broker } = this.#parts;
    const names = this.#parts.topic(topic);
    const virtualHost = virtualHostOf(broker.address);
    const [fleet, heads] = await Promise.all([
      gather(this.#parts, { topics: [topic], only: true, timeout }),
      management === undefined ? undefined : askHeads(management, { topic: names.exchange, virtualHost, timeout }),
    ]);
    return lanesOf(fleet, names, heads);
  }

  /**
   * Looks every two seconds, less often where looking takes long, and tells each status that says something else than the one
   * before it; the first in any case. Answers a function that stops it.
   */
  watch(listener: (status: FleetStatus) => void, options: WatchOptions = {}): () => void {
    const watching = new Watching(() => this.status(options), listener, options);
    return () => watching.stop();
  }

  /**
   * Looks for what would lose messages or spoil the census: rights, policies, kinds of queue, faults of the broker's release. What
   * it tries for that changes nothing, or is undone.
   * @throws LynchpinError `CONNECTION`.
   */
  async doctor(options: DoctorOptions = {}): Promise<Diagnosis> {
    return examine(this.#parts, { ...options, topics: [...(options.topics ?? []), ...(await this.#topics())] });
  }

  /**
   * Keeps the pins of every client of a topic from rising above a version, at once and until it is released.
   * @throws LynchpinError `INVALID` without a reason, `NO_SERVER` or `SPLIT` when no version is given and none is common,
   *   `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
   */
  hold(topic: string, options: HoldOptions): Promise<Hold> {
    return hold(this.#parts, topic, options);
  }

  /**
   * Ends a hold of a topic, and answers which ended.
   * @throws LynchpinError `INVALID` when it is not clear which is meant, `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
   */
  release(topic: string, options: ReleaseOptions): Promise<readonly Hold[]> {
    return release(this.#parts, topic, options);
  }

  /**
   * Tells a server to leave, by its name, and waits for its end. Its process goes on, and is not ready any more.
   * @throws LynchpinError `NO_SUCH_SERVER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
   */
  drain(server: string, options: FleetDrainOptions = {}): Promise<readonly DrainProgress[]> {
    return drain(this.#parts, server, options);
  }

  /**
   * Takes a member that is down for good off the ledger, so that finalizing no longer waits for it and what is left of it can be
   * pruned. It takes a little more than ten seconds: the broker must have said twice that its queue is gone.
   * @param who an instance, a process or a name; `all-gone` for everyone that is not connected.
   * @throws LynchpinError `REJECTED` when it is connected or nobody can tell, `NO_SUCH_SERVER`, `NO_LEDGER`, `TIMEOUT`, `CONNECTION`.
   */
  forget(who: string, options: ForgetOptions = {}): Promise<readonly Forgotten[]> {
    return forget(this.#parts, who, options);
  }

  /**
   * Collects what is left of servers that are gone and of versions that nobody reads or speaks. By itself it only says what would go;
   * with `apply` it unbinds each queue, moves what stands on it, waits ten seconds, looks again, and deletes it if it holds nothing and
   * nobody is there who could have a message of it in hand.
   * @throws LynchpinError `NO_LEDGER`, `NO_SERVER`, `NAME_IN_USE` while somebody else is at it, `CONNECTION`, `FORBIDDEN`, `TIMEOUT`.
   */
  prune(topic: string, options: PruneOptions = {}): Promise<readonly Pruned[]> {
    return prune(this.#parts, topic, options);
  }

  /**
   * Moves messages that nobody reads any more, without serving or calling: from lanes without readers, from parked queues, and what
   * was sent to servers that are gone for good.
   * @param api the contract, of a build that knows the versions in question.
   * @throws LynchpinError `DECLARATION`, `NO_SERVER`, `NAME_IN_USE` while somebody else is at it, `CONNECTION`, `FORBIDDEN`, `TIMEOUT`.
   */
  rescue(api: Class, options: FleetRescueOptions = {}): Promise<RescueReport> {
    return rescue(this.#parts, api, options);
  }

  /** Everything that the ledger of a topic has, the newest last, each with what became of it. @throws LynchpinError `TIMEOUT`, `CONNECTION`. */
  history(topic: string, options: Pick<ActionOptions, 'timeout'> = {}): Promise<readonly HistoryEntry[]> {
    return history(this.#parts, topic, options);
  }

  /**
   * Whether a build can join this fleet: what was finalized or is held, the versions that live processes read, messages that it
   * would leave behind, and what the doctor calls an error.
   * @param builds the contracts of the build: their classes, or what they read.
   * @throws LynchpinError `DECLARATION` for a class that is no contract, `CONNECTION`.
   */
  upgradeCheck(builds: readonly (Class | Build)[], options: UpgradeCheckOptions = {}): Promise<UpgradeCheck> {
    return upgradeCheck(this.#parts, builds, options);
  }

  /** Of every process that answers; none where the account may not ask. */
  async #topics(): Promise<readonly string[]> {
    try {
      return await this.topics();
    } catch (error) {
      if (LynchpinError.is(error, 'FORBIDDEN')) return [];
      throw error;
    }
  }

  /**
   * Makes a version final: from then on nothing below it may join the topic, neither as a server nor as a client, until that is
   * taken back. For what cannot be undone, such as dropping a column that older builds read.
   *
   * Everyone who is a member of the topic must say that it reads the version, also who is down at present; who is gone for good is
   * taken off the ledger once that is certain, which takes about ten seconds. Somebody who is connected and reads less refuses it at
   * once. A process that is killed while it finalizes changes nothing: live servers finish what it began, or give it up.
   * @throws LynchpinError `NOT_FINAL` when it is not final, with who is in the way and what to do; `INVALID` without a reason, `NO_SERVER` for
   *   a topic that nobody has ever served, `NO_LEDGER`, `FORBIDDEN`.
   *
   * @example
   * await bus.fleet.finalize('volume', '3.2', { reason: 'the column tier goes' });
   */
  finalize(topic: string, version: Version, options: FinalizeOptions): Promise<Finalized> {
    return finalize(this.#parts, topic, version, options);
  }

  /**
   * Takes the last finalization back: what was final before is so again, and builds that read less than what was taken back may join.
   * What was done because it was final is not undone by it.
   * @throws LynchpinError `NOT_FINAL` when nothing is final, `INVALID`, `NO_SERVER`, `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`.
   */
  unfinalize(topic: string, options: ReasonedOptions): Promise<Unfinalized> {
    return unfinalize(this.#parts, topic, options);
  }

  /**
   * The version that may be shown to users: what is final, the same for everyone. Once any process has answered a version, none
   * answers a lower one, unless somebody unfinalizes it. So a version that users can see never goes down, whichever of several gateways they
   * reach.
   *
   * It answers at once, nearly always without asking anybody. While a finalization is under way it waits for what comes of it; one that
   * takes longer than `within` it gives up. A process that has just lost its connection waits until it is a member again.
   * @returns undefined while nothing is final, and where the broker has no streams.
   * @throws LynchpinError `INVALID` when this process has neither a client nor a server of the topic, because only a member can promise it;
   *   `TOO_OLD` when it was refused; `TIMEOUT` when it cannot be told; `PROTOCOL` when a newer build has written what this one does not understand.
   */
  async finalVersion(topic: string, options: FinalVersionOptions = {}): Promise<Version | undefined> {
    if (this.#finalVersions !== undefined) return this.#finalVersions.of(topic, options);
    throw new LynchpinError('INVALID', 'only a process with a bus of its own can promise what is final to everyone', { topic });
  }

  /**
   * Gives up what is being finalized, whoever began it, unless it is final by then.
   * @throws LynchpinError `INVALID`, `NO_SERVER`, `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`.
   */
  abort(topic: string, options: ReasonedOptions): Promise<Aborted> {
    return abort(this.#parts, topic, options);
  }
}
