export type { House, Standing } from './house.js';
export { memoryHouse } from './memory.js';
export { rabbitHouse } from './rabbit.js';
