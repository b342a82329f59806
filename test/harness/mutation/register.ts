import { register } from 'node:module';
import { MUTATIONS } from './mutation.js';

// Loaded with `node --import`, before anything that may be mutated.
register('./hooks.js', import.meta.url, { data: JSON.parse(process.env[MUTATIONS] ?? 'null') as unknown });
