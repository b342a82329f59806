export { examine, type Diagnosis, type DoctorOptions } from './examine.js';
export type { Finding, Severity } from './finding.js';
export type { Management } from './management.js';
export type { Role } from './facts.js';
