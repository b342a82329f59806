export type { Happening } from './event.js';
export { Scene } from './scene.js';
export type { ClientView, LaneView, ServerView, Totals } from './views.js';
