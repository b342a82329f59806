import { channel } from 'node:diagnostics_channel';
import type { Version } from '../versions/index.js';
import type { Pin } from '../rpc/index.js';

/** Published on `node:diagnostics_channel` as `lynchpin:pin`, whenever a pin comes to another version or state, or to be held back by nothing but a hold. */
export interface PinEvent {
  /** The topic whose client has the pin. */
  readonly topic: string;
  /** What it is. */
  readonly now: Pin;
  /** What it was. */
  readonly before: Pin;
}

/** Published on `node:diagnostics_channel` as `lynchpin:rescue`, while stranded messages are moved. */
export interface RescueEvent {
  /** The topic whose messages were stranded. */
  readonly topic: string;
  /** Where the run over one lane has got to: `stopped` is one that failed, and will be taken up again. */
  readonly phase: 'started' | 'progress' | 'finished' | 'stopped';
  /** The version whose lane the messages stood on. */
  readonly from: Version;
  /** The version that they are moved to. */
  readonly to: Version;
  /** How many were moved, each to the lane of `to`. */
  readonly moved: number;
  /** How many casts went to the dead letters, each with its reason. */
  readonly dead: number;
  /** How many calls were answered with their error. */
  readonly refused: number;
  /** How many fit no version that is read now and were put back, in case a server that reads them returns. */
  readonly kept: number;
  /** Why it was stopped. */
  readonly cause?: unknown;
}

export const pinChannel = channel('lynchpin:pin');
export const rescueChannel = channel('lynchpin:rescue');
