import type { RuleId } from '../rules/catalog.js';
import type { Finding } from '../rules/finding.js';
import { found } from '../rules/found.js';
import type { Acceptance } from './acceptance.js';

/** What acceptances are applied with. */
export interface AcceptingOptions {
  /** The day that it is: a date, or text that begins with `YYYY-MM-DD`. It is taken in UTC. */
  readonly today: Date | string;
  /** Which rules had a chance to speak: the acceptances of others are not unused. Default: all of them. */
  readonly ran?: (rule: RuleId) => boolean;
}

/**
 * The findings that nobody accepted, and what is wrong with the acceptances themselves: those past their date no longer
 * silence anything, and those that match nothing are to be taken out.
 */
export function applyAcceptances(
  findings: readonly Finding[],
  acceptances: readonly Acceptance[],
  { today, ran = () => true }: AcceptingOptions,
): Finding[] {
  const day = (typeof today === 'string' ? today : today.toISOString()).slice(0, 10);
  const present = new Set(findings.map(({ fingerprint }) => fingerprint));
  const past = (acceptance: Acceptance): boolean => acceptance.expires !== undefined && acceptance.expires < day;
  const silent = new Set(acceptances.filter((one) => !past(one)).map(({ fingerprint }) => fingerprint));
  return [
    ...findings.filter(({ fingerprint }) => !silent.has(fingerprint)),
    ...acceptances.flatMap((one) => {
      if (!present.has(one.fingerprint)) return ran(one.rule) ? [unused(one)] : [];
      return past(one) && !silent.has(one.fingerprint) ? [expired(one)] : [];
    }),
  ];
}

function expired({ fingerprint, rule, subject, reason, expires = '' }: Acceptance): Finding {
  return found({
    rule: 'accept/expired',
    subject: { kind: 'recording', name: 'accepted.json', path: fingerprint },
    message: `accepted.json let ${rule} at ${subject} pass until ${expires} (${reason}), and that day is over.`,
    breaks: 'whoever relied on its being put right by then',
    fix: `Put ${subject} right, or accept it anew with a reason that holds: npx lynchpin compat accept.`,
    diff: [`- ${fingerprint}`],
  });
}

function unused({ fingerprint, rule, subject, reason }: Acceptance): Finding {
  return found({
    rule: 'accept/unused',
    subject: { kind: 'recording', name: 'accepted.json', path: fingerprint },
    message: `accepted.json lets ${rule} at ${subject} pass (${reason}), but nothing of that content is found any more.`,
    breaks: 'nobody yet; what stands there unused may let something else pass unseen later',
    fix: `Take ${fingerprint} out of accepted.json.`,
    diff: [`- ${fingerprint}`],
  });
}
