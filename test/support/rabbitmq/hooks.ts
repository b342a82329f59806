import { stopSharedRabbit } from './shared.js';

/** Mocha calls this once, after the last test of the run (`.mocharc.json` requires this file). */
export const mochaGlobalTeardown = stopSharedRabbit;
