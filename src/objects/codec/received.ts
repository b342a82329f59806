import type { PlainObject } from '../records/record.js';

/** Gives back what it is given, so that a class that extends it puts its private fields on an object that exists already. */
class Given {
  constructor(instance: object) {
    return instance;
  }
}

/**
 * Keeps what an instance was made of as a private field of the instance: nobody sees it, it goes when the instance goes, and
 * it costs a fraction of what a WeakMap does.
 */
class Received extends Given {
  readonly #wire: PlainObject;

  constructor(instance: object, wire: PlainObject) {
    super(instance);
    this.#wire = wire;
  }

  static as(instance: object): PlainObject | undefined {
    return #wire in instance ? instance.#wire : undefined;
  }
}

/** Keeps what an instance was made of, for as long as the instance lives. To be called once for an instance. */
export function remember(instance: object, wire: PlainObject): void {
  new Received(instance, wire);
}

/** The plain data that an instance was made of; undefined when it was not received. */
export function receivedAs(instance: object): PlainObject | undefined {
  return Received.as(instance);
}
