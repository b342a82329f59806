import type { Json } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import type { Declared } from '../facts/declared.js';
import type { Recorded, Surface } from '../facts/surface.js';
import type { Finding, Subject } from '../rules/finding.js';
import type { Arbitraries } from '../samples/own-values.js';

/** What the laws of conversion are proved of, and how hard. */
export interface LawInput {
  readonly declared: Declared;
  /** What the declarations say, at every version. */
  readonly surface: Surface;
  /** What was recorded: where it has a version, results must fit that, whatever the code says of it today. */
  readonly recorded: Recorded;
  /** How many values made by chance go through each function, in each direction. Default: 100. */
  readonly runs?: number;
  /** What chance follows from. Default: the fingerprints of each class, so that the same code always gives the same result. */
  readonly seed?: number;
  /** Wire values of single fields, by `Class.field`. Default: all are made up. */
  readonly arbitraries?: Arbitraries;
  /** Values that were kept: goldens of released versions, and earlier counterexamples. Default: none. */
  readonly corpus?: readonly CorpusValue[];
}

/** A value that was kept, as it was written at a version. */
export interface CorpusValue {
  /** The object's or message's name on the wire. */
  readonly name: string;
  /** The object's version, or that of the API whose message it is. */
  readonly version: Version;
  /** Where it is kept, for messages. */
  readonly file: string;
  /** Plain data; objects that carry a tag, `"$object": "Volume@1.2"`, are read as stand-alone ones. */
  readonly value: Json;
}

/** One thing that holds or does not. */
export interface LawFact {
  /** As a test would be named. */
  readonly title: string;
  readonly subject: Subject;
  /** What speaks against it; nothing does when it holds. It can take a while, and the same each time. */
  prove(): LawFinding[];
}

/** A finding with the value that shows it. */
export interface LawFinding extends Finding {
  /** The simplest value that was found, at the version that it is of. Undefined where no single value shows it. */
  readonly counterexample?: Omit<CorpusValue, 'file'>;
}
