export { examine, virtualHostOf, type Diagnosis, type DoctorOptions } from './examine.js';
export { fine, worstFirst, type Finding, type Severity } from './finding.js';
export { askHeads, type Heads } from './heads.js';
export type { Management } from './reader.js';
export type { AccountRole } from './facts.js';
