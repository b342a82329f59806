import assert from 'node:assert/strict';
import { type RabbitNode, freePorts, startRabbit } from '../../support/rabbitmq/index.js';

const HEADERS = { authorization: `Basic ${btoa('guest:guest')}`, 'content-type': 'application/json' };
/** More than a node takes to open its management API, or to show a new consumer there. */
const LIMIT = 20_000;

/** A node with the management API, on ports of its own. */
export class ManagedNode {
  private constructor(
    readonly node: RabbitNode,
    /** Where the management API is. */
    readonly url: string,
  ) {}

  static async start(): Promise<ManagedNode> {
    const [port = 0] = await freePorts(1);
    const config = ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${port}`];
    const node = await startRabbit({ prefix: 'lynchpin-doctor', plugins: ['rabbitmq_management'], config });
    const managed = new ManagedNode(node, `http://127.0.0.1:${port}`);
    await managed.until('the management API answers', async () => {
      try {
        return (await fetch(`${managed.url}/api/whoami`, { headers: HEADERS })).ok;
      } catch {
        return false;
      }
    });
    return managed;
  }

  async put(path: string, body: object): Promise<void> {
    const { status } = await fetch(`${this.url}/api/${path}`, { method: 'PUT', headers: HEADERS, body: JSON.stringify(body) });
    assert.ok(status === 201 || status === 204, `PUT ${path}: ${status}`);
  }

  async delete(path: string): Promise<void> {
    const { status } = await fetch(`${this.url}/api/${path}`, { method: 'DELETE', headers: HEADERS });
    assert.equal(status, 204, `DELETE ${path}`);
  }

  /** Of all queues and exchanges. */
  async names(): Promise<readonly string[]> {
    const lists = await Promise.all(
      ['queues', 'exchanges'].map(async (kind) => {
        const answer = await fetch(`${this.url}/api/${kind}?columns=name`, { headers: HEADERS });
        return (await answer.json()) as readonly { readonly name: string }[];
      }),
    );
    return lists.flatMap((list) => list.map(({ name }) => name)).sort();
  }

  /** An account with these rights, and a tag if it may ask the management API. Answers its address. */
  async account(name: string, rights: { configure: string; write: string; read: string }, tags = ''): Promise<string> {
    await this.put(`users/${name}`, { password: 'secret', tags });
    await this.put(`permissions/%2F/${name}`, rights);
    return this.node.url.replace('guest:guest', `${name}:secret`);
  }

  /** Asks again until it holds. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + LIMIT;
    while (!(await holds())) {
      assert.ok(performance.now() < end, `${what}: not within ${LIMIT} ms`);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  }
}
