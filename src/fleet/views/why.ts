import type { Version } from '../../versions/index.js';
import { clientCauses, lagging } from './client-causes.js';
import type { Cause, CauseKind } from './cause.js';
import { factsOf, type FleetFacts } from './facts.js';
import { pinsOf, sceneOf, type PinGroup, type Scene } from './scene.js';
import { serverCauses } from './server-causes.js';
import { countCauses, laneCauses, ledgerCauses, splitCauses, unreachable } from './shared-causes.js';

/** Who holds the pin of a topic, and what would release it. */
export interface Why {
  /** Whose pin. */
  readonly topic: string;
  /** What clients send now, the lowest version first. Empty where no client answers. */
  readonly pins: readonly PinGroup[];
  /** What they would send if nothing kept them; undefined where nobody is known. */
  readonly target: Version | undefined;
  /** The whole in one sentence. */
  readonly summary: string;
  /** The first is what to look after first. Empty when nothing holds it. */
  readonly causes: readonly Cause[];
}

/** What is looked after first comes first. */
const ORDER: readonly CauseKind[] = [
  'unreachable',
  'uncounted',
  'unreadable',
  'split',
  'too-old',
  'too-new',
  'stranded',
  'nobody',
  'silent',
  'server',
  'down',
  'unnamed',
  'finalizing',
  'hold',
  'capped',
  'settling',
  'lagging',
  'client',
];

/** Says who holds the pin of a topic and what would release it. Pure. */
export function whyOf(fleet: FleetFacts, name: string): Why {
  const facts = factsOf(fleet, name);
  const scene = sceneOf(fleet, facts);
  const { topic, target } = scene;
  const pins = pinsOf(scene);
  const causes = causesOf(scene);
  return { topic, pins, target, causes, summary: summaryOf(scene, pins, causes) };
}

function causesOf(scene: Scene): readonly Cause[] {
  const gone = unreachable(scene);
  if (gone !== undefined) return [gone];
  const all = [
    ...countCauses(scene),
    ...splitCauses(scene),
    ...laneCauses(scene),
    ...serverCauses(scene),
    ...ledgerCauses(scene),
    ...clientCauses(scene),
  ];
  if (all.every(({ kind }) => kind === 'client')) all.push(...lagging(scene));
  return all
    .map((cause, at) => ({ cause, at }))
    .sort((a, b) => rank(a.cause) - rank(b.cause) || a.at - b.at)
    .map(({ cause }) => cause);
}

function rank({ kind }: Cause): number {
  return ORDER.indexOf(kind);
}

function summaryOf({ topic, target, roll }: Scene, pins: readonly PinGroup[], causes: readonly Cause[]): string {
  const [first, ...others] = causes;
  const low = pins[0]?.version;
  const at =
    low === undefined
      ? `No client of ${topic} answers`
      : `${topic} is spoken at ${low}${pins.at(-1)?.version === low ? '' : ` to ${pins.at(-1)?.version}`}`;
  if (first === undefined) {
    if (low !== undefined) return `${at}: nothing holds it.`;
    return `${at}; nothing would hold its pin${target === undefined || roll === undefined ? '' : ` below ${target}`}.`;
  }
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  return `${at}. ${first.text}${more}`;
}
