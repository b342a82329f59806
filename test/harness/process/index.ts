export type { Assignment } from './assignment.js';
export { Child, type ChildOptions, type Exit } from './child.js';
