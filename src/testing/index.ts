export { compat, type Compat } from './compat.js';
export type { ConversionExample } from './asserts/convert.js';
