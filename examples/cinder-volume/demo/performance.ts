import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Audience, jsonAudience, linesAudience, Screen } from './audience/index.js';
import { type House, memoryHouse, rabbitHouse } from './house/index.js';
import type { Options } from './options.js';
import { Director, play, Tempo, WATCHES } from './play/index.js';
import { clientOf } from './release/index.js';
import { Scene } from './scene/index.js';
import { runVerifier } from './verification.js';

/** The quiet time before a pin rises, in ms: a twentieth of what it is by default. */
const SETTLE = 500;

/** How hard each client works: with a rest, so that two processors have something left for the servers that start. */
const WORK = { memory: { errands: 6, rest: 10 }, amqp: { errands: 12, rest: 8 } } as const;

/** One performance of the play from curtain to curtain; answers the exit code. */
export async function perform(options: Options): Promise<number> {
  const journals = journalFolder(options);
  const broker = options.amqp ? 'RabbitMQ' : 'memory broker';
  let over = false;
  const scene: Scene = new Scene((happening) => {
    if (!over) audience.see(happening);
  });
  const audience = audienceOf(options, broker, () => scene);
  const { seed, seconds, calls } = options;
  let house: House | undefined;
  const interrupted = onInterrupt(async () => {
    over = true;
    audience.close();
    await house?.close();
    if (journals?.temporary === true) rmSync(journals.folder, { recursive: true, force: true });
  });
  const problem = (error: unknown): void =>
    scene.hear({ kind: 'problem', name: 'the play', text: error instanceof Error ? error.message : String(error) });
  try {
    audience.see({ event: 'start', broker, seed, settle: SETTLE, seconds, calls });
    house = options.amqp ? await rabbitHouse() : memoryHouse();
    const setting = { seed, settle: SETTLE, ...WORK[house.kind], ...(journals === undefined ? {} : { journals: journals.folder }) };
    await play(new Director(house, scene, new Tempo(WATCHES, seconds, calls), setting));
  } catch (error) {
    problem(error);
  } finally {
    await house?.close().catch(problem);
    interrupted.forget();
  }
  const spent = scene.seconds;
  const sound = journals === undefined || (await runVerifier(journals.folder, calls, (happening) => audience.see(happening)));
  const ok = sound && scene.problems.length === 0 && scene.totals.failed === 0;
  const pins = Object.fromEntries((['ocata', 'newest'] as const).map((release) => [clientOf(release), scene.path(clientOf(release))]));
  if (journals?.temporary === true) {
    if (ok) rmSync(journals.folder, { recursive: true, force: true });
    else audience.see({ event: 'narration', text: `The journals are in ${journals.folder}.` });
  }
  audience.see({ event: 'end', ok, seconds: Math.round(spent * 10) / 10, pins, ...scene.totals });
  audience.close();
  return ok ? 0 : 1;
}

function journalFolder({ amqp, journals }: Options): { readonly folder: string; readonly temporary: boolean } | undefined {
  if (journals !== undefined) return { folder: journals, temporary: false };
  return amqp ? { folder: mkdtempSync(join(tmpdir(), 'lynchpin-demo-journals-')), temporary: true } : undefined;
}

function audienceOf({ json }: Options, broker: string, scene: () => Scene): Audience {
  const write = (text: string): void => void process.stdout.write(text);
  if (json) return jsonAudience(write);
  if (!process.stdout.isTTY || process.env['TERM'] === 'dumb') return linesAudience(write);
  const colours = (process.env['NO_COLOR'] ?? '') === '';
  return new Screen(process.stdout, scene, { colours, broker });
}

/** On Ctrl-C and the like: gives the terminal back, takes everything down, and ends. A second one ends at once. */
function onInterrupt(close: () => Promise<void>): { forget(): void } {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  const listeners = Object.entries(codes).map(([signal, code]) => {
    const listener = (): void => {
      if (process.exitCode === code) process.exit(code);
      process.exitCode = code;
      void close().finally(() => process.exit(code));
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  // Whoever read the lines has gone: nobody watches any more.
  process.stdout.on('error', () => void close().finally(() => process.exit(0)));
  return { forget: () => listeners.forEach(({ signal, listener }) => process.off(signal, listener)) };
}
