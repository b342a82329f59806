export { examine, type Diagnosis, type DoctorOptions } from './examine.js';
export { fine, worstFirst, type Finding, type Severity } from './finding.js';
export type { Management } from './management.js';
export type { AccountRole } from './facts.js';
