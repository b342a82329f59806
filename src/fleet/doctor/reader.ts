import type { Seen } from './facts.js';

/** The management API of RabbitMQ, and as whom to speak with it. */
export interface Management {
  /** Where it is: `http://localhost:15672`. */
  readonly url: string;
  /** The account's name. */
  readonly user: string;
  /** Never shown. */
  readonly password: string;
}

/** The broker said no, or something that is none of its answers. */
class Denied extends Error {}

/** An object of an answer, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

const PAGE = 500;

/** Reads the management API. It only looks. */
export class Reader {
  readonly #management: Management;
  readonly #timeout: number;

  /** @param timeout in ms, for each answer. */
  constructor(management: Management, timeout: number) {
    this.#management = management;
    this.#timeout = timeout;
  }

  /** Why nothing can be read; undefined where it can. */
  async refusal(): Promise<string | undefined> {
    try {
      await this.#get('whoami');
      return undefined;
    } catch (error) {
      return `the management API at ${withoutCredentials(this.#management.url)}: ${saidBy(error)}`;
    }
  }

  /** Reads a list. What one refuses leaves the others as they are. */
  async list<T>(path: string, read: (item: Fields) => T): Promise<Seen<T>> {
    try {
      return { known: true, list: itemsOf(await this.#get(path)).map((item) => read(fieldsOf(item))) };
    } catch (error) {
      return { known: false, why: saidBy(error) };
    }
  }

  /** Reads a list that comes in pages, until one is not full. */
  async pages<T>(path: string, read: (item: Fields) => T): Promise<Seen<T>> {
    const all: T[] = [];
    for (let page = 1; ; page += 1) {
      // Whether there is another one is known once this one is here.
      // oxlint-disable-next-line no-await-in-loop
      const found = await this.list(`${path}&page=${page}&page_size=${PAGE}`, read);
      if (!found.known) return found;
      all.push(...found.list);
      if (found.list.length < PAGE) return { known: true, list: all };
    }
  }

  async #get(path: string): Promise<unknown> {
    const { url, user, password } = this.#management;
    const response = await fetch(new URL(`api/${path}`, url.endsWith('/') ? url : `${url}/`), {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      redirect: 'error',
      signal: AbortSignal.timeout(this.#timeout),
    });
    if (response.status === 401 || response.status === 403) throw new Denied(`the management API refuses the account ${user}`);
    if (!response.ok) throw new Denied(`the management API answers ${response.status}`);
    return (await response.json()) as unknown;
  }
}

/** A list, or a page with one. */
function itemsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  const { items } = fieldsOf(answer);
  return Array.isArray(items) ? items : [];
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** What `fetch` says is "fetch failed"; what it means is in its cause. */
function saidBy(error: unknown): string {
  if (error instanceof Denied) return error.message;
  const { message, cause, name } = error as { message?: unknown; cause?: { code?: unknown; message?: unknown }; name?: unknown };
  if (name === 'TimeoutError') return 'no answer in time';
  return String(cause?.code ?? cause?.message ?? message ?? error);
}

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
