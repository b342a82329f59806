import type { DoctorFacts, AccountRole, Trial } from './facts.js';
import { fine, type Finding } from './finding.js';
import { permissionsCommand, permissionsFor } from './roles.js';

/** What the account may do, measured by what its role needs. */
export function rightsFindings(facts: DoctorFacts, role: AccountRole): readonly Finding[] {
  return [...facts.trials.map((trial) => trialFinding(trial, facts, role)), ...countFindings(facts)];
}

function trialFinding({ id, what, needed, outcome, why }: Trial, facts: DoctorFacts, role: AccountRole): Finding {
  const { account, virtualHost, namespace, server } = facts;
  const about = account;
  const named = `rights/${id}`;
  if (outcome === 'allowed') return fine(named, `may ${what}`, about);
  if (!needed.includes(role)) return fine(named, `may not ${what}, which a ${role} does not need`, about);
  const command = permissionsCommand(account, virtualHost, permissionsFor(role, namespace, server.version));
  if (outcome === 'forbidden') {
    return {
      id: named,
      severity: 'error',
      about,
      seen: `may not ${what}`,
      causes: `it cannot be used for a ${role}: FORBIDDEN`,
      remedy: `give it what suffices for a ${role}`,
      command,
    };
  }
  return {
    id: named,
    severity: 'not checked',
    about,
    seen: `whether it may ${what}: ${why}`,
    causes: '',
    remedy: outcome === 'untried' ? 'grant what is missing, and try again' : 'try again',
    command: outcome === 'untried' ? command : undefined,
  };
}

/** Slower than this, in ms, a count takes long enough to be felt whenever a client opens. */
const SLOW = 50;

/** Whether the census can count, and how long one count takes. */
function countFindings({ rolls, countTimes }: DoctorFacts): readonly Finding[] {
  const id = 'census/count';
  const found = rolls.map(({ topic, count }): Finding => {
    if (count.known) return fine(id, `the roll can be counted: ${count.consumers}`, topic);
    if (count.reason === 'missing') return fine(id, 'there is no roll yet: no server was ever here', topic);
    return {
      id,
      severity: 'error',
      about: topic,
      seen: `the roll cannot be counted: ${count.reason}`,
      causes: 'unknown means hold: pins of this account stay where they are, and with none yet at the floor',
      remedy: REMEDIES[count.reason],
    };
  });
  const median = [...countTimes].sort((a, b) => a - b)[Math.floor(countTimes.length / 2)];
  if (median === undefined) return found;
  const seen = `one count takes ${median.toFixed(1)} ms (the median of ${countTimes.length})`;
  const latency: Finding =
    median <= SLOW
      ? fine('census/latency', seen)
      : {
          id: 'census/latency',
          severity: 'warning',
          about: '',
          seen,
          causes: 'clients open late and notice late who came and went; above 2 s counts are given up, and pins stay where they are',
          remedy: 'look for load on the broker, or for the way to it; give processes a broker that is near',
        };
  return [...found, latency];
}

const REMEDIES = {
  taken: 'delete that queue: another connection has declared it for itself alone',
  down: 'bring the node of that queue back, or delete the queue while nothing serves the topic',
  forbidden: 'give the account any right on the roll: read, on most releases; configure, on RabbitMQ 4.2.6 and 4.3.0',
  timeout: 'look for load on the broker: a count takes less than a millisecond at rest',
  disconnected: 'try again: the connection was lost meanwhile',
} as const;
