import { now } from '../journal/index.js';
import { ChannelState } from './channel.js';
import { Content } from './content.js';
import type { WireEntry } from './entry.js';
import { FieldReader } from './fields.js';
import { type Frame, FrameReader, METHOD } from './frames.js';

type WithoutPlace<T> = T extends unknown ? Omit<T, 'at' | 'connection' | 'channel'> : never;
type Note = WithoutPlace<WireEntry>;

interface Conversation {
  readonly id: number;
  readonly state: ChannelState;
  outgoing: Content | undefined;
  incoming: Content | undefined;
}

/**
 * Understands both directions of one AMQP connection and tells what a check wants to know of it. It is a reader of its
 * own, so that what a library believes to have sent or got is checked against what passed.
 */
export class Tap {
  readonly #conversations = new Map<number, Conversation>();
  readonly #fromProcess = new FrameReader({ greeting: true });
  readonly #fromBroker = new FrameReader({ greeting: false });
  readonly #connection: number;
  readonly #write: (entry: WireEntry) => void;
  readonly #ended: () => void;
  #closing = false;

  /** @param ended is called when the broker announces the end of the connection: it listens no more. */
  constructor(connection: number, write: (entry: WireEntry) => void, ended: () => void) {
    this.#connection = connection;
    this.#write = write;
    this.#ended = ended;
  }

  /** Whether the process has announced the end of the connection. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Bytes on their way to the broker. */
  sent(chunk: Buffer): void {
    for (const frame of this.#fromProcess.push(chunk)) this.#frame(frame, 'outgoing');
  }

  /** Bytes on their way to the process. */
  received(chunk: Buffer): void {
    for (const frame of this.#fromBroker.push(chunk)) this.#frame(frame, 'incoming');
  }

  #frame(frame: Frame, direction: 'outgoing' | 'incoming'): void {
    const talk = this.#conversation(frame.channel);
    if (frame.type !== METHOD) {
      if (talk[direction]?.add(frame)) talk[direction] = undefined;
      return;
    }
    const fields = new FieldReader(frame.payload);
    const method = fields.short() * 1_000 + fields.short();
    if (direction === 'outgoing') this.#request(talk, method, fields);
    else this.#answer(talk, method, fields);
  }

  /** A method from the process, by class * 1000 + method. */
  #request(talk: Conversation, method: number, fields: FieldReader): void {
    const { state } = talk;
    const note = (entry: Note): void => this.#note(talk.id, entry);
    switch (method) {
      case 60_040: {
        // basic.publish
        fields.short();
        talk.outgoing = new Content(fields.shortString(), fields.shortString(), (message) => {
          state.publishes(message.id);
          note({ kind: 'published', message });
        });
        break;
      }
      case 60_080: // basic.ack
        note({ kind: 'acked', tags: state.settled(fields.longLong(), fields.octet() !== 0) });
        break;
      case 60_090: {
        // basic.reject
        const tags = state.settled(fields.longLong(), false);
        note({ kind: fields.octet() === 0 ? 'refused' : 'requeued', tags });
        break;
      }
      case 60_120: {
        // basic.nack
        const tag = fields.longLong();
        const bits = fields.octet();
        note({ kind: (bits & 2) === 0 ? 'refused' : 'requeued', tags: state.settled(tag, (bits & 1) !== 0) });
        break;
      }
      case 60_020: {
        // basic.consume
        fields.short();
        const queue = state.named(fields.shortString());
        fields.shortString();
        state.consumeRequests.push({ queue, settled: (fields.octet() & 2) !== 0 });
        break;
      }
      case 60_030: {
        // basic.cancel
        const tag = fields.shortString();
        const consumer = state.consumers.get(tag);
        // What is on its way still arrives under the tag, so it stays known.
        if (consumer !== undefined) note({ kind: 'cancelled', queue: consumer.queue });
        break;
      }
      case 60_070: {
        // basic.get
        fields.short();
        state.getRequests.push({ queue: state.named(fields.shortString()), settled: fields.octet() !== 0 });
        break;
      }
      case 50_020: {
        // queue.bind
        fields.short();
        note({ kind: 'bound', queue: state.named(fields.shortString()), exchange: fields.shortString(), key: fields.shortString() });
        break;
      }
      case 85_010: // confirm.select
        state.confirms = true;
        break;
      case 10_050: // connection.close
        this.#closing = true;
        break;
      case 20_040: // channel.close
        this.#channelClosed(talk, 'process', fields);
        break;
    }
  }

  /** A method from the broker. */
  #answer(talk: Conversation, method: number, fields: FieldReader): void {
    const { state } = talk;
    const note = (entry: Note): void => this.#note(talk.id, entry);
    switch (method) {
      case 60_060: {
        // basic.deliver
        const { queue, settled } = state.consumers.get(fields.shortString()) ?? { queue: '', settled: false };
        this.#delivery(talk, fields, queue, settled);
        break;
      }
      case 60_071: {
        // basic.get-ok
        const { queue, settled } = state.getRequests.shift() ?? { queue: '', settled: false };
        this.#delivery(talk, fields, queue, settled);
        break;
      }
      case 60_072: // basic.get-empty
        state.getRequests.shift();
        break;
      case 60_050: {
        // basic.return
        fields.short();
        fields.shortString();
        talk.incoming = new Content(fields.shortString(), fields.shortString(), (message) => note({ kind: 'bounced', message }));
        break;
      }
      case 60_080: // basic.ack, a confirm
        note({ kind: 'accepted', ids: state.confirmed(fields.longLong(), fields.octet() !== 0) });
        break;
      case 60_120: // basic.nack, a refusal
        note({ kind: 'unaccepted', ids: state.confirmed(fields.longLong(), (fields.octet() & 1) !== 0) });
        break;
      case 60_021: {
        // basic.consume-ok
        const request = state.consumeRequests.shift();
        if (request === undefined) break;
        state.consumers.set(fields.shortString(), request);
        note({ kind: 'consuming', queue: request.queue });
        break;
      }
      case 60_030: {
        // basic.cancel, the broker's
        const consumer = state.consumers.get(fields.shortString());
        if (consumer !== undefined) note({ kind: 'cancelled', queue: consumer.queue });
        break;
      }
      case 50_011: // queue.declare-ok
        state.lastDeclared = fields.shortString();
        note({ kind: 'declared', queue: state.lastDeclared });
        break;
      case 10_050: // connection.close
        this.#ended();
        break;
      case 20_040: // channel.close
        this.#channelClosed(talk, 'broker', fields);
        break;
    }
  }

  #delivery(talk: Conversation, fields: FieldReader, queue: string, settled: boolean): void {
    const tag = fields.longLong();
    const redelivered = fields.octet() !== 0;
    if (!settled) talk.state.delivers(tag);
    talk.incoming = new Content(fields.shortString(), fields.shortString(), (message) => {
      this.#note(talk.id, { kind: 'delivered', tag, queue, redelivered, settled, message });
    });
  }

  #channelClosed(talk: Conversation, by: 'process' | 'broker', fields: FieldReader): void {
    const code = fields.short();
    this.#note(talk.id, { kind: 'channel-closed', by, text: `${code} ${fields.shortString()}` });
    this.#conversations.delete(talk.id);
  }

  #conversation(id: number): Conversation {
    let talk = this.#conversations.get(id);
    if (talk === undefined)
      this.#conversations.set(id, (talk = { id, state: new ChannelState(), outgoing: undefined, incoming: undefined }));
    return talk;
  }

  #note(channel: number, entry: Note): void {
    this.#write({ at: now(), connection: this.#connection, channel, ...entry } as WireEntry);
  }
}
