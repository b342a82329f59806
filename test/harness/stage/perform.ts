import type { Action, Plan } from '../plan/index.js';
import type { Stage } from './stage.js';

/** How long a rest may take when nothing comes to its end, in ms: with every server gone, calls wait for their deadline. */
const LONGEST_REST = 2_000;

/** Carries out a plan, one action after the other. */
export async function performPlan(stage: Stage, plan: Plan): Promise<void> {
  for (const action of plan.actions) await perform(stage, action);
}

/** Carries out one action, and resolves when it is done. */
export async function perform(stage: Stage, action: Action): Promise<void> {
  stage.actions.write(action);
  switch (action.do) {
    case 'start': {
      const part = await stage.start({ name: action.name, role: 'server', release: action.release });
      await part.child.ready();
      break;
    }
    case 'stop':
      await stage.part(action.name).child.terminate();
      break;
    case 'kill':
      await stage.part(action.name).child.kill();
      break;
    case 'freeze':
    case 'thaw':
      stage.part(action.name).child[action.do]();
      break;
    case 'cut':
    case 'refuse':
    case 'stall':
    case 'mend':
      stage.part(action.name).proxy[action.do]();
      break;
    case 'half-open':
      stage.part(action.name).proxy.halfOpen();
      break;
    case 'delay':
      stage.part(action.name).proxy.delay(action.by);
      break;
    case 'clock':
      await stage.part(action.name).child.ask('clock', action.by);
      break;
    case 'restart-broker':
      await stage.broker.restart();
      break;
    case 'wait-for-pin':
      await stage.part(action.name).child.told('pin', ({ version }) => version === action.version);
      break;
    case 'rest': {
      const clients = stage.parts.filter(({ options, child }) => options.role === 'client' && child.running);
      await Promise.all(
        clients.map(({ child }) => child.ask('after', { messages: Math.ceil(action.messages / clients.length), patience: LONGEST_REST })),
      );
      break;
    }
  }
}
