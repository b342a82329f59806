export { Director, type Setting } from './director.js';
export { play, WATCHES } from './play.js';
export { Tempo } from './tempo.js';
