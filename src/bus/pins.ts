import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { LynchpinError } from '../errors/index.js';
import type { Negotiation } from '../pin/index.js';

/** Where the name of a file with pins stands. */
const FILE = 'LYNCHPIN_PINS_FILE';
/** The setting that takes every cap away. */
const AUTO = 'auto';

/** A client whose pin was set to something else than before. */
export interface PinChange {
  /** The topic that it calls. */
  readonly topic: string;
  /** What its pin was set to: a version, or a release; undefined where it was not set. */
  readonly from: string | undefined;
  /** What it is set to now. */
  readonly to: string | undefined;
}

interface Configured {
  readonly topic: string;
  readonly pins: Pick<Negotiation, 'cap'>;
  /** What the code says, where nobody has set anything. */
  readonly option: string | undefined;
  present: string | undefined;
}

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * The pins that whoever runs this process has set for it, from the environment and from a file. They win over what the code
 * says: who runs a process knows later than who wrote it. The file wins over the environment, which nobody can change in a
 * process that runs.
 */
export class PinSettings {
  readonly #environment: Settings;
  readonly #clients = new Set<Configured>();
  #settings: Settings | undefined;

  constructor(environment: Settings = process.env) {
    this.#environment = environment;
  }

  /**
   * What the pin of a client of that topic is set to.
   * @param option what the code says.
   * @throws LynchpinError `DECLARATION` when the file of pins cannot be read.
   */
  pinOf(topic: string, option: string | undefined): string | undefined {
    return chosen((this.#settings ??= read(this.#environment)), topic, option);
  }

  /** Sets the pin of that client anew whenever the settings are read again; answers a function that stops it. */
  follow(topic: string, pins: Pick<Negotiation, 'cap'>, option: string | undefined): () => void {
    const client: Configured = { topic, pins, option, present: this.pinOf(topic, option) };
    this.#clients.add(client);
    return () => this.#clients.delete(client);
  }

  /** Reads the settings again. What cannot be read, or means nothing, changes nothing, and a process warning says so. */
  reread(): readonly PinChange[] {
    let settings: Settings;
    try {
      settings = read(this.#environment);
    } catch (error) {
      warn(`the pins stay as they are: ${textOf(error)}`);
      return [];
    }
    this.#settings = settings;
    return [...this.#clients].map((client) => change(client, settings)).filter((one) => one !== undefined);
  }
}

/** The variable that sets the pin of a topic: capitals, and `_` for `-`. */
export function pinVariable(topic: string): string {
  return `LYNCHPIN_PIN_${topic.toUpperCase().replaceAll('-', '_')}`;
}

function change(client: Configured, settings: Settings): PinChange | undefined {
  const { topic, present: from } = client;
  const to = chosen(settings, topic, client.option);
  if (to === from) return undefined;
  try {
    client.pins.cap(to);
  } catch (error) {
    warn(`${pinVariable(topic)} means nothing, and the pin stays set to ${from ?? AUTO}: ${textOf(error)}`);
    return undefined;
  }
  client.present = to;
  return { topic, from, to };
}

function chosen(settings: Settings, topic: string, option: string | undefined): string | undefined {
  const value = settings[pinVariable(topic)]?.trim();
  // An empty variable is one that is not set: that is how most supervisors take one away.
  if (value === undefined || value === '') return option;
  return value === AUTO ? undefined : value;
}

function read(environment: Settings): Settings {
  const file = environment[FILE];
  if (file === undefined || file === '') return environment;
  try {
    return { ...environment, ...parseEnv(readFileSync(file, 'utf8')) };
  } catch (error) {
    throw new LynchpinError(
      'DECLARATION',
      `the file of pins that ${FILE} names cannot be read: ${textOf(error)}`,
      { file },
      { cause: error },
    );
  }
}

function warn(text: string): void {
  process.emitWarning(text, { type: 'LynchpinWarning', code: 'PIN_SETTING' });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
