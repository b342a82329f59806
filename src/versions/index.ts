export { compareVersions, isVersion, majorOf, parseVersion, type Version } from './version.js';
export { Line } from './line.js';
