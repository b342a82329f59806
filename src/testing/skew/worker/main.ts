import type { Bus } from '../../../bus/index.js';
import { LynchpinError } from '../../../errors/index.js';
import type { RpcClient, Server } from '../../../rpc/index.js';
import type { Assignment, Handled, Question, Reply, RequestName, Requests } from '../messages.js';
import { reasonOf } from '../reason.js';
import { fixedClient, type OpenClient } from './fixed-client.js';
import { loadPackage, type Loaded } from './package.js';
import { itemsAt, sendAll } from './sending.js';
import { recording } from './serving.js';
import { Speech } from './speech.js';

/** Everything that this process has of one cell. */
interface Room {
  readonly servers: Map<string, { readonly bus: Bus; readonly server: Server }>;
  handled: Handled[];
  open: OpenClient | undefined;
}

/** What a worker does when it is asked. It stands for one package, and serves or calls for many cells at a time. */
export class Worker {
  #loaded: Loaded | undefined;
  #assignment: Assignment | undefined;
  #speech: Speech | undefined;
  readonly #rooms = new Map<string, Room>();

  readonly #tasks: { readonly [Name in RequestName]: (ask: Requests[Name]['ask']) => Promise<Requests[Name]['answer']> } = {
    load: async (assignment) => {
      const { name, contract, lynchpin } = (this.#loaded = await loadPackage(assignment));
      this.#assignment = assignment;
      this.#speech = new Speech(contract, assignment.requests);
      const methods = contract.methods.map(({ property, returns }) => ({ property, casts: returns === undefined }));
      return { package: name, lynchpin: lynchpin.version, topic: contract.topic, versions: contract.line.versions, methods };
    },
    serve: async ({ namespace, server: name, reads }) => {
      const { api, service } = this.#package;
      const room = this.#room(namespace);
      const bus = await this.#connect(namespace, name);
      const handlers = recording(this.#words, service?.(), { server: name, reads, note: (handled) => room.handled.push(handled) });
      const server = await bus.serve(api, handlers as never, { server: name });
      room.servers.set(name, { bus, server });
      return null;
    },
    leave: async ({ namespace, server }) => {
      const room = this.#room(namespace);
      await room.servers.get(server)?.bus.close();
      room.servers.delete(server);
      return null;
    },
    handled: async ({ namespace }) => {
      const room = this.#room(namespace);
      const { handled } = room;
      room.handled = [];
      return handled;
    },
    open: async ({ namespace, pin, fixed }) => {
      const { api } = this.#package;
      const { broker, callTimeout: timeout } = this.#told;
      const room = this.#room(namespace);
      await room.open?.close();
      room.open = undefined;
      if (fixed !== undefined) {
        room.open = await fixedClient(broker, { api, namespace, version: fixed, timeout });
        return { version: fixed };
      }
      const bus = await this.#connect(namespace, 'client');
      try {
        const client = await bus.client(api, { timeout, whenAbsent: 'fail', ...(pin === undefined ? {} : { pin }) });
        room.open = { client: client as unknown as RpcClient<object>, close: () => bus.close({ timeout: 100 }) };
        return { version: client.pin.version };
      } catch (error) {
        await bus.close();
        if (LynchpinError.is(error, 'TOO_OLD', 'TOO_NEW')) return { refused: error.code };
        throw error;
      }
    },
    items: async ({ namespace, casts, to }) => {
      const { version } = this.#client(namespace).pin;
      const items = itemsAt(this.#words, version, casts);
      return to === undefined ? items : items.filter((item) => this.#words.canMove(item, version, to));
    },
    send: async ({ namespace, ...ask }) => sendAll(this.#words, this.#client(namespace), ask),
    unsampled: async () => this.#words.unsampled(),
    shut: async ({ namespace }) => {
      const room = this.#room(namespace);
      this.#rooms.delete(namespace);
      await Promise.all([room.open?.close(), ...[...room.servers.values()].map(({ bus }) => bus.close({ timeout: 100 }))]);
      return null;
    },
  };

  /** Does what is asked and answers it; never throws. */
  async answer({ id, name, ask }: Question): Promise<Reply> {
    try {
      return { id, answer: await (this.#tasks[name] as (ask: unknown) => Promise<unknown>)(ask) };
    } catch (error) {
      return { id, code: LynchpinError.is(error) ? error.code : undefined, error: reasonOf(error) };
    }
  }

  /** Closes all that is open. */
  async close(): Promise<void> {
    await Promise.all([...this.#rooms.keys()].map((namespace) => this.#tasks.shut({ namespace })));
  }

  get #package(): Loaded {
    return given(this.#loaded);
  }

  get #told(): Assignment {
    return given(this.#assignment);
  }

  get #words(): Speech {
    return given(this.#speech);
  }

  #connect(namespace: string, name: string): Promise<Bus> {
    return this.#package.lynchpin.connect(this.#told.broker, { name: `skew-${name}`, namespace });
  }

  #client(namespace: string): RpcClient<object> {
    return given(this.#room(namespace).open).client;
  }

  #room(namespace: string): Room {
    let room = this.#rooms.get(namespace);
    if (room === undefined) this.#rooms.set(namespace, (room = { servers: new Map(), handled: [], open: undefined }));
    return room;
  }
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it was asked for before it was there');
  return value;
}
