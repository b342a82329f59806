import type { Delivery } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Contract } from '../contract/index.js';
import { EVENTS, type ServerEvent } from '../events.js';
import { UnderWay } from '../under-way.js';
import { countHeader, decodeJson, HEADERS, requestTypeReader } from '../wire/index.js';
import type { Answers } from './answers.js';
import { isCall, markOf, wasDelivered } from '../copies.js';
import type { DeadLetters } from './dead-letters.js';
import { Desk } from './desk.js';
import type { Handlers } from './handlers.js';
import type { HandBack } from './hand-back.js';
import type { InHand } from './in-hand.js';
import { Recent } from './recent.js';
import { Served } from './served.js';
import { judge } from './verdict.js';
import type { Place } from './place.js';
import type { Vigil } from './vigil.js';
import { Work, type Receipt } from './work.js';

/** How many ids are remembered, so that a fanout sent twice runs once and a cancelled request does not start. */
const REMEMBERED = 10_000;

/** What a reception works with. */
export interface ReceptionParts {
  readonly contract: Contract;
  readonly topic: string;
  readonly server: string;
  readonly concurrency: number;
  readonly maxMessageBytes: number;
  readonly handlers: Handlers;
  readonly answers: Answers;
  readonly deadLetters: DeadLetters;
  readonly handBack: HandBack;
  readonly vigil: Vigil;
  readonly place: Place;
}

/** Takes deliveries, judges them, runs their handlers, and settles each: answered, acknowledged or put with the dead letters. */
export class Reception {
  readonly desk: Desk;
  readonly #parts: ReceptionParts;
  readonly #readType = requestTypeReader();
  readonly #inHand = new Map<string, Work>();
  /** Casts and fanouts that came on the server's own queue and are done. A call that comes again has a new way back, and wants its answer there. */
  readonly #finished = new Recent(REMEMBERED);
  readonly #cancelled = new Recent(REMEMBERED);
  /** Settlements that wait for the broker. */
  readonly #settling = new UnderWay();

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    this.desk = new Desk(parts.concurrency, (work, done) => this.#serve(work, done));
  }

  /** Takes a delivery from a lane, or from the server's own queue. */
  take(delivery: Delivery, intake: InHand, source: 'lane' | 'own', onHeld?: () => void): void {
    const receipt: Receipt = { delivery, intake, onHeld };
    const type = this.#readType(delivery.type);
    const verdict = judge(this.#parts.contract, delivery, type, source);
    const id = delivery.messageId;
    const inHand = id === undefined ? undefined : this.#inHand.get(id);
    // The same message once more, while the first is in hand. A call sent again has a new way back, and is answered there too.
    if (inHand !== undefined && (!isCall(delivery) || delivery.replyTo === inHand.replyTo)) return inHand.alsoAcknowledge(receipt);
    if (source === 'own' && id !== undefined && verdict.kind !== 'unreadable') this.#parts.handBack.arrived(id);
    if (source === 'own' && id !== undefined && !isCall(delivery) && this.#isDealtWith(id, delivery)) return intake.ack(delivery);
    switch (verdict.kind) {
      case 'unreadable':
        return this.#unreadable(receipt, verdict.id);
      case 'refuse':
        return this.#refuse(receipt, verdict.error);
      case 'run': {
        const call = isCall(delivery);
        if (call && this.#cancelled.has(verdict.id)) return intake.ack(delivery);
        const now = performance.now();
        const startBy = call && delivery.expiration !== undefined ? now + delivery.expiration : Infinity;
        const deadline =
          countHeader(delivery.headers, HEADERS.silence) === undefined
            ? startBy
            : now + (countHeader(delivery.headers, HEADERS.timeout) ?? Infinity);
        const { version, accept } = type as NonNullable<typeof type>;
        const work = new Work(
          receipt,
          verdict.method,
          version,
          accept,
          verdict.id,
          call ? delivery.replyTo : undefined,
          deadline,
          startBy,
          verdict.redelivered,
          source === 'own',
        );
        this.#inHand.set(verdict.id, work);
        this.desk.take(work);
      }
    }
  }

  /** The callers of these requests have given up: what has not started does not start, what runs is told. */
  cancel(ids: readonly string[]): void {
    for (const id of ids) {
      this.#cancelled.add(id);
      const work = this.#inHand.get(id);
      // Nobody waits for a cast, and it must be done all the same.
      if (work?.replyTo === undefined) continue;
      if (this.desk.withdraw(work)) this.#finish(work);
      else this.#parts.vigil.cancel(id, new LynchpinError('CANCELLED', 'the caller gave up', { id }));
    }
  }

  /** Lets go of what never started, and hands it over: it may come again. */
  release(): readonly Work[] {
    const neverStarted = this.desk.clear();
    for (const work of neverStarted) this.#forget(work);
    return neverStarted;
  }

  /** Whether it has the request in hand. Its caller is told so. */
  assure(id: string): boolean {
    const work = this.#inHand.get(id);
    if (work === undefined) return false;
    const { answers } = this.#parts;
    if (work.replyTo !== undefined) void answers.send(answers.beat(work), performance.now());
    return true;
  }

  /** Whether the caller of the request has given up. */
  isCancelled(id: string): boolean {
    return this.#cancelled.has(id);
  }

  /** Resolves when no handler runs and nothing waits for the broker. */
  async idle(): Promise<void> {
    await this.desk.idle();
    await this.#settling.settled();
  }

  /** Runs a request's handler, and calls `done` when nothing more is owed. Few promises: every one costs, the more so under an AsyncLocalStorage. */
  #serve(work: Work, done: () => void): void {
    const { contract, handlers, vigil, topic, maxMessageBytes } = this.#parts;
    if (performance.now() >= work.startBy) {
      this.#finish(work);
      return done();
    }
    let request: unknown;
    try {
      request = contract.readRequest(work.method, work.version)(decodeJson(work.delivery.body, maxMessageBytes));
    } catch (error) {
      return this.#fail(work, error, done);
    }
    const served = new Served(work);
    vigil.add(served);
    handlers.run(served, request, topic).then(
      (result) => {
        vigil.remove(served);
        this.#succeed(work, result, done);
      },
      (error: unknown) => {
        vigil.remove(served);
        this.#fail(work, error, done);
      },
    );
  }

  #succeed(work: Work, result: unknown, done: () => void): void {
    if (work.replyTo === undefined) {
      this.#finish(work);
      return done();
    }
    const { answers } = this.#parts;
    let sending: void | Promise<void>;
    try {
      sending = answers.send(answers.result(work, result), work.deadline);
    } catch (error) {
      return this.#fail(work, error, done);
    }
    this.#conclude(work, sending, done);
  }

  #fail(work: Work, error: unknown, done: () => void): void {
    const { answers, contract, deadLetters, server } = this.#parts;
    this.#tell({ kind: 'failed', method: work.method.property, id: work.id, error });
    if (work.replyTo === undefined) {
      this.#conclude(
        work,
        this.#bury(work.delivery, error, () => deadLetters.add(work.delivery, error)),
        done,
      );
    } else {
      const where = `${contract.record.name}.${work.method.property} on ${server}`;
      const { replyTo, id, deadline } = work;
      this.#conclude(
        work,
        after(() => answers.send(answers.error(replyTo, id, error, where), deadline)),
        done,
      );
    }
  }

  /** Acknowledges the work once what is owed for it is out; if that fails, the bus is closing, and the work stays on its queue. */
  #conclude(work: Work, owed: void | Promise<void>, done: () => void): void {
    if (owed === undefined) {
      this.#finish(work);
      return done();
    }
    void owed
      .then(
        () => this.#finish(work),
        () => this.#forget(work),
      )
      .finally(() => done());
  }

  #forget(work: Work): void {
    if (this.#inHand.get(work.id) === work) this.#inHand.delete(work.id);
  }

  #isDealtWith(id: string, delivery: Delivery): boolean {
    return this.#finished.has(id) || this.#parts.handBack.hasParked(id, delivery);
  }

  #finish(work: Work): void {
    this.#forget(work);
    if (work.own && work.replyTo === undefined) this.#finished.add(work.id);
    work.acknowledge();
  }

  #unreadable(receipt: Receipt, id: string): void {
    const { delivery, intake } = receipt;
    const { answers, handBack } = this.#parts;
    this.#tell({ kind: 'handed-back', id, type: delivery.type, reason: 'unreadable' });
    if (!isCall(delivery)) return this.#settle(handBack.give(receipt, id));
    const deadline = performance.now() + (delivery.expiration ?? Infinity);
    this.#settle(
      after(() => answers.send(answers.unreadable(delivery.replyTo as string, id, markOf(wasDelivered(delivery))), deadline)).then(() =>
        intake.ack(delivery),
      ),
    );
  }

  #refuse({ delivery, intake }: Receipt, error: LynchpinError): void {
    const { answers, deadLetters } = this.#parts;
    const telling = isCall(delivery)
      ? after(() =>
          answers.send(
            answers.error(delivery.replyTo as string, delivery.messageId ?? delivery.correlationId, error, 'the request'),
            performance.now() + (delivery.expiration ?? Infinity),
          ),
        )
      : this.#bury(delivery, error, () => deadLetters.add(delivery, error));
    this.#settle(telling.then(() => intake.ack(delivery)));
  }

  async #bury(delivery: Delivery, error: unknown, bury: () => Promise<void>): Promise<void> {
    // Of a server that may have been refused nobody wants it: the broker has the delivery back.
    if (!(await this.#parts.place.assured())) return;
    await bury();
    this.#tell({
      kind: 'dead-letter',
      id: delivery.messageId,
      type: delivery.type,
      reason: LynchpinError.is(error) ? error.code : 'HANDLER_FAILED',
    });
  }

  /** Whatever fails here fails because the bus is closing: the delivery stays unacknowledged, and so on its queue. */
  #settle(settling: Promise<void>): void {
    void this.#settling.track(settling.catch(() => undefined));
  }

  #tell(event: DistributiveOmit<ServerEvent, 'topic' | 'server'>): void {
    if (EVENTS.server.hasSubscribers)
      EVENTS.server.publish({ ...event, topic: this.#parts.topic, server: this.#parts.server } as ServerEvent);
  }
}

/** Does it now; what it throws does not reach the channel that the message came by, which would be lost over it. */
async function after(work: () => void | Promise<void>): Promise<void> {
  await work();
}

type DistributiveOmit<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never;
