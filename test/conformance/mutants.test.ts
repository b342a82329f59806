import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import Mocha from 'mocha';
import {
  type Broker,
  type Consumer,
  type ConsumeOptions,
  type Delivery,
  type Intake,
  type LogEntry,
  type LogHandlers,
  MemoryHub,
  type Port,
  type Tap,
} from '#lynchpin/broker/index.js';
import { consuming } from './consuming.js';
import type { BreakableGround } from './ground.js';
import { keepingLogs, log } from './log.js';
import { losing } from './losing.js';
import { ports } from './ports.js';
import { publishing } from './publishing.js';
import { topology } from './topology.js';

/** Replaces some methods of an object; the rest goes to the object itself. */
function altered<T extends object>(original: T, changes: Partial<T>): T {
  return new Proxy(original, {
    get(target, name) {
      const changed = Reflect.get(changes, name) as unknown;
      if (changed !== undefined) return changed;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

type OnDelivery = (delivery: Delivery) => void;

const intakes =
  (change: (intake: Intake, broker: Broker) => Partial<Intake>) =>
  (broker: Broker): Partial<Broker> => ({
    openIntake: async (onLost) => {
      const intake = await broker.openIntake(onLost);
      return altered(intake, change(intake, broker));
    },
  });

const consumers = (change: (queue: string, options: ConsumeOptions, onDelivery: OnDelivery, intake: Intake) => Promise<Consumer>) =>
  intakes((intake) => ({ consume: (queue, options, onDelivery) => change(queue, options, onDelivery, intake) }));

const openedPorts =
  (change: (port: Port) => Partial<Port>) =>
  (broker: Broker): Partial<Broker> => ({
    openPort: async (handlers) => {
      const port = await broker.openPort(handlers);
      return altered(port, change(port));
    },
  });

/** Brokers that break one promise each. */
const MUTANTS: Readonly<Record<string, (broker: Broker, hub: MemoryHub) => Partial<Broker>>> = {
  'calls what was returned confirmed': (broker) => ({
    publish: (message, signal) => broker.publish(message, signal).then(() => 'confirmed' as const),
  }),
  'does not publish again over a cut': (broker) => ({
    publish: (message, signal) => {
      const controller = new AbortController();
      broker.watch((state) => {
        if (state === 'down') controller.abort(new Error('the connection was lost'));
      });
      return broker.publish(message, AbortSignal.any([controller.signal, ...(signal === undefined ? [] : [signal])]));
    },
  }),
  'drops headers': (broker) => ({ publish: (message, signal) => broker.publish({ ...message, headers: undefined }, signal) }),
  'forgets to expire': (broker) => ({
    publish: (message, signal) =>
      broker.publish({ ...message, expiration: [1, 20].includes(message.expiration ?? 0) ? 90_000 : message.expiration }, signal),
  }),
  'says zero where it does not know': (broker) => ({
    count: async (queue) => {
      const count = await broker.count(queue);
      return count.known ? count : { known: true, ready: 0, consumers: 0 };
    },
  }),
  'deletes without looking': (broker) => ({ deleteQueue: (queue) => broker.deleteQueue(queue) }),
  'closes without waiting for publishes': (broker, hub) => ({
    close: () => {
      hub.block();
      return broker.close({ timeout: 0 }).finally(() => hub.unblock());
    },
  }),
  'ignores the prefetch': consumers((queue, options, onDelivery, intake) => intake.consume(queue, { ...options, prefetch: 0 }, onDelivery)),
  'ignores "exclusive"': consumers((queue, options, onDelivery, intake) =>
    intake.consume(queue, { ...options, exclusive: false }, onDelivery),
  ),
  'never says redelivered': consumers((queue, options, onDelivery, intake) =>
    intake.consume(queue, options, (delivery) => onDelivery({ ...delivery, redelivered: false })),
  ),
  'always says redelivered': consumers((queue, options, onDelivery, intake) =>
    intake.consume(queue, options, (delivery) => onDelivery({ ...delivery, redelivered: true })),
  ),
  'delivers after a cancellation': consumers(async (queue, options, onDelivery, intake) => ({
    ...(await intake.consume(queue, options, onDelivery)),
    cancel: async () => {},
  })),
  'acknowledges what it hands out': consumers((queue, options, onDelivery, intake) =>
    intake.consume(queue, { ...options, noAck: true }, onDelivery),
  ),
  'acknowledges everything below as well': intakes((intake) => {
    const seen: Delivery[] = [];
    return {
      consume: (queue, options, onDelivery) =>
        intake.consume(queue, options, (delivery) => {
          seen.push(delivery);
          onDelivery(delivery);
        }),
      ack: (delivery) => {
        for (const other of seen) if (other.tag <= delivery.tag) intake.ack(other);
      },
    };
  }),
  'forgets what is pending when it closes': intakes((intake) => {
    let closing = false;
    return {
      ack: (delivery) =>
        setImmediate(() => {
          if (!closing) intake.ack(delivery);
        }),
      close: () => {
        closing = true;
        return intake.close();
      },
    };
  }),
  'leaves inboxes behind': intakes((intake, broker) => ({
    inbox: async (exchanges) => {
      const name = `inbox.${randomBytes(6).toString('hex')}`;
      await broker.ensureQueue(name);
      for (const exchange of exchanges) await broker.bind(name, exchange, '');
      return name;
    },
  })),
  "takes another's inbox for missing": (broker) => ({
    count: async (queue) => {
      const count = await broker.count(queue);
      return !count.known && count.reason === 'taken' ? { known: false, reason: 'missing' } : count;
    },
  }),
  'tells of a loss twice': (broker) => ({
    openIntake: (onLost) =>
      broker.openIntake((cause) => {
        onLost(cause);
        onLost(cause);
      }),
  }),
  'keeps a loss to itself': (broker) => ({ openIntake: () => broker.openIntake(() => {}) }),
  'does not come back': (broker, hub) => ({
    watch: (listener) =>
      broker.watch((state, cause) => {
        if (state === 'down') hub.isolate(broker);
        listener(state, cause);
      }),
  }),
  'swallows returns to a port': (broker) => ({
    openPort: (handlers) =>
      broker.openPort({
        ...handlers,
        onReply: (reply) => handlers.onReply(reply),
        onLost: (cause) => handlers.onLost(cause),
        onReturned: () => {},
      }),
  }),
  'shares its bytes with the sender': openedPorts((port) => ({
    send: (message) => {
      setImmediate(() => port.send(message));
      return true;
    },
  })),
  'shares its bytes with the receivers': (broker) => {
    const shared = new Map<string, Delivery>();
    return {
      openTap: async (): Promise<Tap> => {
        const tap = await broker.openTap();
        return altered(tap, {
          get: async (queue) => {
            const delivery = await tap.get(queue);
            const key = delivery?.body.toString() ?? '';
            if (delivery !== undefined && !shared.has(key)) shared.set(key, delivery);
            return delivery === undefined ? undefined : { ...delivery, body: shared.get(key)?.body ?? delivery.body };
          },
        });
      },
    };
  },
};

const readers =
  (change: (handlers: LogHandlers, broker: Broker) => Partial<LogHandlers>) =>
  (broker: Broker): Partial<Broker> => ({
    openLog: (name, start, handlers) => broker.openLog(name, start, altered(handlers, change(handlers, broker))),
  });

/** Brokers whose logs break one promise each. */
const LOG_MUTANTS: Readonly<Record<string, (broker: Broker, hub: MemoryHub) => Partial<Broker>>> = {
  'shows each reader an order of its own': readers((handlers) => {
    const held: LogEntry[] = [];
    return {
      onEntry: (entry) => {
        held.push(entry);
        if (held.length === 1)
          setImmediate(() =>
            held
              .splice(0)
              .reverse()
              .forEach((each) => handlers.onEntry(each)),
          );
      },
    };
  }),
  'numbers entries for each reader by itself': readers((handlers) => {
    let offset = -1;
    return { onEntry: (entry) => handlers.onEntry({ ...entry, offset: (offset += 1) }) };
  }),
  'counts from 1': readers((handlers) => ({ onEntry: (entry) => handlers.onEntry({ ...entry, offset: entry.offset + 1 }) })),
  'does not show what was there before': (broker) => ({
    openLog: async (name, start, handlers) => {
      let opened = false;
      const onEntry = (entry: LogEntry): void => (opened ? handlers.onEntry(entry) : undefined);
      const reader = await broker.openLog(name, start, altered(handlers, { onEntry }));
      opened = true;
      return reader;
    },
  }),
  'takes the first of two entries under one id for both': readers((handlers) => {
    const seen = new Set<string | undefined>();
    return {
      onEntry: (entry) => {
        if (!seen.has(entry.messageId)) handlers.onEntry(entry);
        seen.add(entry.messageId);
      },
    };
  }),
  'begins at the entry and not behind it': (broker) => ({
    openLog: (name, start, handlers) => {
      if (typeof start === 'string' || 'from' in start) return broker.openLog(name, start, handlers);
      const onEntry = (entry: LogEntry): void => (entry.offset >= start.offset ? handlers.onEntry(entry) : undefined);
      return broker.openLog(name, 'first', altered(handlers, { onEntry }));
    },
  }),
  'begins too early from an offset': (broker) => ({
    openLog: (name, start, handlers) =>
      broker.openLog(name, typeof start === 'object' && 'from' in start ? { from: Math.max(0, start.from - 1) } : start, handlers),
  }),
  'begins behind the last entry': (broker) => ({
    openLog: (name, start, handlers) => broker.openLog(name, start === 'last' ? { from: 1_000 } : start, handlers),
  }),
  'takes the first entry for the last': (broker) => ({
    openLog: (name, start, handlers) => broker.openLog(name, start === 'last' ? 'first' : start, handlers),
  }),
  'always begins at the first': (broker) => ({ openLog: (name, _start, handlers) => broker.openLog(name, 'first', handlers) }),
  'looks at the offset alone of the entry to begin behind': (broker) => ({
    openLog: (name, start, handlers) => {
      if (typeof start === 'string' || 'from' in start) return broker.openLog(name, start, handlers);
      const onEntry = (entry: LogEntry): void => (entry.offset > start.offset ? handlers.onEntry(entry) : undefined);
      return broker.openLog(name, 'first', altered(handlers, { onEntry }));
    },
  }),
  'forgets what it had when the connection was lost': (broker) => {
    let cut = false;
    broker.watch((state) => (cut ||= state === 'down'));
    return {
      openLog: async (name, start, handlers) => {
        let opened = !cut;
        const onEntry = (entry: LogEntry): void => (opened ? handlers.onEntry(entry) : undefined);
        const reader = await broker.openLog(name, start, altered(handlers, { onEntry }));
        setImmediate(() => (opened = true));
        return reader;
      },
    };
  },
  'cuts large entries': readers((handlers) => ({
    onEntry: (entry) => handlers.onEntry({ ...entry, body: entry.body.subarray(0, 1 << 20) }),
  })),
  'leaves out who appended': readers((handlers) => ({ onEntry: (entry) => handlers.onEntry({ ...entry, userId: undefined }) })),
  'shares bytes among readers': (broker) => {
    const shared = new Map<string, Buffer>();
    return readers((handlers) => ({
      onEntry: (entry) => {
        const key = `${entry.offset} ${entry.messageId}`;
        if (!shared.has(key)) shared.set(key, entry.body);
        handlers.onEntry({ ...entry, body: shared.get(key) ?? entry.body });
      },
    }))(broker);
  },
  'keeps the loss of a reader to itself': readers(() => ({ onLost: () => {} })),
  'tells of the loss of a reader twice': readers((handlers) => ({
    onLost: (cause) => {
      handlers.onLost(cause);
      handlers.onLost(cause);
    },
  })),
  'hands over entries after it was closed': (broker) => ({
    openLog: async (name, start, handlers) => {
      const reader = await broker.openLog(name, start, handlers);
      return altered(reader, { close: async () => {} });
    },
  }),
  'takes a queue for one': (broker) => ({ ensureLog: () => Promise.resolve({ supported: true }), count: (queue) => broker.count(queue) }),
  'forgets a log that is declared again': (broker) => ({
    ensureLog: async (name) => {
      await broker.deleteQueue(name);
      return broker.ensureLog(name);
    },
  }),
  'swallows what is thrown by a reader': readers((handlers) => ({
    onEntry: (entry) => {
      try {
        handlers.onEntry(entry);
      } catch {
        // As if nothing had been.
      }
    },
  })),
  'says that a log took what is lost': (broker) => ({
    publish: (message, signal) => broker.publish(message, signal).then(() => 'confirmed' as const),
  }),
};

/** Runs the suite over a broker, silently, and counts what fails. It stops at the first. */
function failures(
  change: (broker: Broker, hub: MemoryHub) => Partial<Broker>,
  timeout = 500,
  parts: readonly ((ground: () => BreakableGround) => void)[] = [publishing, topology, consuming, ports, losing],
): Promise<number> {
  const hub = new MemoryHub();
  const originals = new Map<Broker, Broker>();
  const ground: BreakableGround = {
    open: async (options) => {
      const original = hub.connect(options);
      const broker = altered(original, change(original, hub));
      originals.set(broker, original);
      return broker;
    },
    cut: (broker) => hub.cut(originals.get(broker) ?? broker),
    prefix: () => `t${randomBytes(6).toString('hex')}`,
    restart: async () => hub.restart(),
    block: async () => hub.block(),
    unblock: async () => hub.unblock(),
  };
  const mocha = new Mocha({ bail: true, timeout, reporter: class {} as never });
  const context = {} as Mocha.MochaGlobals;
  mocha.suite.emit('pre-require', context, '', mocha);
  const names = ['describe', 'it', 'before', 'after', 'beforeEach', 'afterEach'] as const;
  const globals = globalThis as unknown as Record<string, unknown>;
  const outer = names.map((name) => globals[name]);
  try {
    for (const name of names) globals[name] = context[name];
    for (const part of parts) part(() => ground);
  } finally {
    for (const [index, name] of names.entries()) globals[name] = outer[index];
  }
  return new Promise((resolve) => {
    const runner = mocha.run((count) => {
      // It listens to the process for what nobody caught, and would go on doing so.
      runner.dispose();
      for (const original of originals.values()) void original.close({ timeout: 0 });
      resolve(count);
    });
  });
}

describe('the conformance suite', () => {
  it('passes a broker that is not altered', async () => {
    assert.equal(await failures(() => ({}), 10_000), 0);
    assert.equal(await failures(() => ({}), 10_000, [log, keepingLogs]), 0);
  });

  describe('catches a broker that', () => {
    for (const [name, mutant] of Object.entries(MUTANTS)) {
      it(name, async () => {
        assert.notEqual(await failures(mutant), 0);
      });
    }
    it('has logs and forgets them over a restart', async () => {
      const forgetful = LOG_MUTANTS['forgets what it had when the connection was lost'] ?? assert.fail();
      assert.notEqual(await failures(forgetful, 5_000, [keepingLogs]), 0);
    });
    for (const [name, mutant] of Object.entries(LOG_MUTANTS)) {
      it(`has logs and ${name}`, async () => {
        assert.notEqual(await failures(mutant, 500, [log]), 0);
      });
    }
  });
});
