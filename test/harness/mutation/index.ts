export { type MutationArguments, mutationArguments, unapplied } from './arguments.js';
export { mutate, type Mutation } from './mutation.js';
