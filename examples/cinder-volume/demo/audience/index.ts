export type { Audience } from './audience.js';
export { jsonAudience } from './json.js';
export { linesAudience } from './lines.js';
export { Screen, type Terminal } from './screen.js';
