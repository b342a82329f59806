import { consumerFindings } from './consumers.js';
import type { DoctorFacts, AccountRole } from './facts.js';
import { worstFirst, type Finding } from './finding.js';
import { policyFindings } from './policies.js';
import { queueFindings } from './queues.js';
import { rightsFindings } from './rights.js';
import { serverFindings } from './server.js';

/** Everything that there is to say about a broker and an account, the worst first. */
export function findingsOf(facts: DoctorFacts, role: AccountRole): readonly Finding[] {
  return worstFirst([
    ...serverFindings(facts),
    ...rightsFindings(facts, role),
    ...policyFindings(facts),
    ...queueFindings(facts),
    ...consumerFindings(facts),
  ]);
}
