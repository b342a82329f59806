export { MemoryHub, type QueueFacts } from './hub.js';
export type { Ailment } from './queue.js';
