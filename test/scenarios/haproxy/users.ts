import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What one request came to. */
interface Answer {
  readonly status: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How often each of them asks, in ms. */
const EVERY = 16;

/** Users who go on asking for the stock of one item after the other, through the balancer, until they are told to stop. */
export class Users {
  /** How many requests were answered as they should be. */
  answered = 0;
  /** What went wrong, in words. */
  readonly failed: string[] = [];
  readonly #agent: Agent;
  readonly #port: number;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  #working: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(port: number, many: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: many });
    this.#working = Promise.all(Array.from({ length: many }, (_, user) => this.#use(user)));
  }

  /** Resolves once so many requests have been answered, or one has failed. */
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#tell();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
    this.#agent.destroy();
  }

  async #use(user: number): Promise<void> {
    for (let asked = 0; !this.#stopped; asked++) {
      const next = performance.now() + EVERY;
      const item = `item-${user}-${asked}`;
      const { status, body } = await ask(this.#port, this.#agent, `/stock/${item}`);
      if (status === 200 && body['item'] === item && body['count'] === item.length) this.answered++;
      else this.failed.push(`${item}: ${status} ${JSON.stringify(body)}`);
      this.#tell();
      await pause(Math.max(0, next - performance.now()));
    }
  }

  #tell(): void {
    for (const { count, resolve } of this.#waiting) if (this.answered >= count || this.failed.length > 0) resolve();
  }
}

/** One who asks for the version that he is shown, again and again, each time after the answer to the last. */
export class Observer {
  /** The versions in the order in which he saw them change: up only, if all is well. */
  readonly seen: string[] = [];
  asked = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #waiting: { readonly version: string; readonly resolve: () => void }[] = [];
  readonly #watching: Promise<void>;
  #stopped = false;

  constructor(port: number) {
    this.#watching = this.#watch(port);
  }

  /** Resolves once he is shown this version. */
  until(version: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ version, resolve });
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watching;
    this.#agent.destroy();
  }

  async #watch(port: number): Promise<void> {
    while (!this.#stopped) {
      const { status, body } = await ask(port, this.#agent, '/version');
      const version = status === 200 ? String(body['version']) : `failed with ${status}`;
      this.asked++;
      if (this.seen.at(-1) !== version) this.seen.push(version);
      for (const { version: wanted, resolve } of this.#waiting) if (wanted === version) resolve();
      await pause(1);
    }
  }
}

function ask(port: number, agent: Agent, path: string): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ status: undefined, body: { error: error.message } });
    request({ host: '127.0.0.1', port, path, agent }, (response) => {
      let text = '';
      response.on('data', (part) => (text += String(part)));
      response.on('error', failed);
      response.on('end', () => resolve({ status: response.statusCode, body: parsed(text) }));
    })
      .on('error', failed)
      .end();
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
