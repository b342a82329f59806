import { strict as assert } from 'node:assert';
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { Bus, MemoryHub, type ClientCall, type ServerCall, type ServerEvent } from 'lynchpin';
import { namesOf, type Broker } from '#lynchpin/broker/index.js';
import { EVENTS } from '#lynchpin/rpc/index.js';
import { code } from './code.js';
import * as newer from './fixtures/new.js';
import { VolumeApi, VolumeBusy } from './fixtures/old.js';
import { NewService, OldService } from './fixtures/services.js';

type Told<Event extends ServerEvent, Kind> = Event extends unknown ? (Kind extends Event['kind'] ? Event : never) : never;

const NAMES = namesOf('volume');

describe('what happens is told on diagnostics channels:', () => {
  let hub: MemoryHub;
  const opened: Bus[] = [];
  const stops: (() => void)[] = [];
  beforeEach(() => {
    hub = new MemoryHub();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop();
    await Promise.all(opened.splice(0).map((bus) => bus.close({ timeout: 500 })));
  });

  const open = (name: string): { bus: Bus; broker: Broker } => {
    const broker = hub.connect({ backoff: { first: 1, most: 10 } });
    const bus = new Bus(broker, name, {});
    opened.push(bus);
    return { bus, broker };
  };

  /** The news of servers, and a wait for one of a kind. */
  function news() {
    const told: ServerEvent[] = [];
    const waiting = new Set<() => void>();
    const listen = (event: unknown): void => {
      told.push(event as ServerEvent);
      for (const resume of waiting) resume();
    };
    subscribe('lynchpin:server', listen);
    stops.push(() => void unsubscribe('lynchpin:server', listen));
    const first = async <Kind extends ServerEvent['kind']>(kind: Kind): Promise<Told<ServerEvent, Kind>> => {
      for (;;) {
        const found = told.find((event) => event.kind === kind);
        if (found !== undefined) return found as Told<ServerEvent, Kind>;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    };
    return { told, first };
  }

  /** What is told around calls or handlers: the step, and the call that it is told with. */
  function traces<Call extends object>(name: string) {
    const steps: { step: string; call: Call & { result?: unknown; error?: unknown } }[] = [];
    const listen = (step: string) => (call: unknown) => void steps.push({ step, call: call as Call });
    const listeners = Object.fromEntries(
      ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((step) => [step, listen(step)]),
    ) as unknown as Parameters<ReturnType<typeof tracingChannel>['subscribe']>[0];
    const traced = tracingChannel(name);
    traced.subscribe(listeners);
    stops.push(() => traced.unsubscribe(listeners));
    return steps;
  }

  it('calls and casts, from their start to their end, with their result', async () => {
    await open('volume-1').bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await open('api-1').bus.client(VolumeApi);
    const steps = traces<ClientCall>('lynchpin:client');
    await volumes.call.work({ text: 'a' }, { timeout: 5_000 });
    assert.deepEqual(
      steps.map(({ step }) => step),
      ['start', 'end', 'asyncStart', 'asyncEnd'],
    );
    const [start] = steps;
    assert.ok(
      steps.every(({ call }) => call === start?.call),
      'one object, from the start to the end',
    );
    const { result, ...call } = start?.call ?? {};
    assert.equal(result, 'volume-1: a');
    assert.deepEqual(call, {
      topic: 'volume',
      method: 'work',
      kind: 'call',
      server: undefined,
      request: { text: 'a' },
      options: { timeout: 5_000 },
      pin: '3.2',
    });
    await volumes.at('volume-1').cast.note({ text: 'b' });
    await volumes.fanout.note({ text: 'c' });
    assert.deepEqual(
      steps.filter(({ step }) => step === 'start').map(({ call: { kind, server } }) => [kind, server]),
      [
        ['call', undefined],
        ['cast', 'volume-1'],
        ['fanout', undefined],
      ],
    );
  });

  it('calls that fail, with their error, also before anything is sent', async () => {
    await open('volume-1').bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await open('api-1').bus.client(VolumeApi);
    const steps = traces<ClientCall>('lynchpin:client');
    await assert.rejects(volumes.call.fail({ text: 'a' }), VolumeBusy);
    await assert.rejects(volumes.call.work({ text: 1 } as never), code('INVALID'));
    const errors = steps.filter(({ step }) => step === 'error').map(({ call }) => call.error);
    assert.ok(errors[0] instanceof VolumeBusy);
    assert.ok(code('INVALID')(errors[1]));
    assert.equal(errors.length, 2);
  });

  it('handlers, from their start to their end, with result or error', async () => {
    await open('volume-1').bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await open('api-1').bus.client(VolumeApi);
    const steps = traces<ServerCall>('lynchpin:handler');
    await volumes.call.work({ text: 'a' });
    assert.deepEqual(
      steps.map(({ step }) => step),
      ['start', 'end', 'asyncStart', 'asyncEnd'],
    );
    const { topic, method, kind, request, context, result } = steps[0]?.call ?? ({} as never);
    assert.deepEqual([topic, method, kind, result], ['volume', 'work', 'call', 'volume-1: a']);
    assert.deepEqual({ ...(request as object) }, { text: 'a', ms: 0 });
    assert.deepEqual([context.version, context.method, context.caller], ['3.2', 'work', 'api-1']);
    await assert.rejects(volumes.call.fail({ text: 'a' }), VolumeBusy);
    assert.ok(steps.find(({ step }) => step === 'error')?.call.error instanceof VolumeBusy);
  });

  it('a server joins, and leaves', async () => {
    const { told } = news();
    const { bus } = open('volume-1');
    const server = await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await server.drain();
    assert.deepEqual(told, [
      { kind: 'joined', topic: 'volume', server: 'volume-1' },
      { kind: 'left', topic: 'volume', server: 'volume-1' },
    ]);
  });

  it('a server loses its place, and joins anew', async () => {
    const { told, first } = news();
    const { bus, broker } = open('volume-1');
    await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    told.length = 0;
    hub.cut(broker);
    const { cause, ...lost } = await first('lost');
    assert.deepEqual(lost, { kind: 'lost', topic: 'volume', server: 'volume-1' });
    assert.ok(cause instanceof Error);
    await first('joined');
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['lost', 'joined'],
    );
  });

  it('a handler fails, and what it failed to do becomes a dead letter', async () => {
    const { told, first } = news();
    await open('volume-1').bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await open('api-1').bus.client(VolumeApi);
    told.length = 0;
    await volumes.cast.fail({ text: 'a' });
    const dead = await first('dead-letter');
    const failed = await first('failed');
    assert.deepEqual([failed.topic, failed.server, failed.method, failed.id], ['volume', 'volume-1', 'fail', dead.id]);
    assert.ok(failed.error instanceof VolumeBusy, 'the error itself, as it was thrown');
    assert.deepEqual([dead.topic, dead.server, dead.type, dead.reason], ['volume', 'volume-1', 'fail@3.2', 'HANDLER_FAILED']);
    assert.equal(hub.facts(NAMES.dead)?.ready, 1);
    told.length = 0;
    await assert.rejects(volumes.call.fail({ text: 'undeclared' }), code('HANDLER_FAILED'));
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['failed'],
      'a call that fails is answered, and no dead letter',
    );
    const [again] = told;
    assert.ok(again?.kind === 'failed' && again.error instanceof TypeError && again.error.message === 'a secret');
  });

  it('a server hands back what it cannot read, and parks it when its sender is gone', async () => {
    const first = open('volume-1').bus;
    await first.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    const sender = open('api-2').bus;
    const volumes = await sender.client(newer.VolumeApi);
    await first.close();
    await volumes.at('volume-1').cast.note({ text: 'a' });
    await sender.close();
    const listening = news();
    await open('volume-1').bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const handed = await listening.first('handed-back');
    const parked = await listening.first('parked');
    const { id } = handed;
    assert.ok(id);
    for (const event of [handed, parked])
      assert.deepEqual(event, { kind: event.kind, topic: 'volume', server: 'volume-1', id, type: 'note@3.4', reason: 'unreadable' });
    assert.equal(hub.facts(NAMES.parked('volume-1'))?.ready, 1);
  });

  it('and nothing is made to be told while nobody listens', async () => {
    const counts = { made: 0 };
    const channels = [
      EVENTS.server,
      ...[EVENTS.client, EVENTS.handler].flatMap(({ start, end, asyncStart, asyncEnd, error }) => [
        start,
        end,
        asyncStart,
        asyncEnd,
        error,
      ]),
    ];
    for (const channel of channels) {
      Object.defineProperty(channel, 'publish', {
        configurable: true,
        value(this: typeof channel, message: unknown) {
          counts.made += 1;
          (Object.getPrototypeOf(this) as { publish(message: unknown): void }).publish.call(this, message);
        },
      });
      stops.push(() => delete (channel as { publish?: unknown }).publish);
    }
    const happen = async (name: string): Promise<void> => {
      const server = await open(name).bus.serve(VolumeApi, new OldService(name), { server: name });
      const volumes = await open(`api-${name}`).bus.client(VolumeApi);
      await volumes.call.work({ text: 'a' });
      await assert.rejects(volumes.call.fail({ text: 'a' }), VolumeBusy);
      await server.drain();
    };
    await happen('volume-1');
    assert.equal(counts.made, 0);
    const { told } = news();
    const [calls, handlers] = [traces<ClientCall>('lynchpin:client'), traces<ServerCall>('lynchpin:handler')];
    await happen('volume-2');
    assert.ok(told.length === 3 && calls.length === 9 && handlers.length === 9);
    assert.ok(counts.made >= told.length, 'the count is one of what is told');
  });
});
