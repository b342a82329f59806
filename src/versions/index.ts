export { compareVersions, isVersion, majorOf, minorOf, parseVersion, type Version } from './version.js';
export { Line } from './line.js';
export { releaseWithin } from './release.js';
