import type { Attendance, NegotiatedPin, Rescue } from '../pin/index.js';
import type { Client, ClientReport, Contract, Pin, PinSource } from '../rpc/index.js';
import type { Version } from '../versions/index.js';

/** A client of a bus, as it is told of from outside. */
export interface ClientView {
  /** What it calls. */
  readonly topic: string;
  /** The version that it sends at now, and why. */
  readonly pin: Pin;
  /** How many messages stand on each lane that nobody reads, as far as the last check knows. */
  readonly stranded: ReadonlyMap<Version, number>;
}

/** What there is to tell of a client. */
interface ClientFacts {
  readonly contract: Contract;
  readonly client: Pick<Client<unknown>, 'inFlight'>;
  readonly pins: PinSource & { readonly current: NegotiatedPin };
  readonly attendance: Attendance;
  readonly rescue: Rescue | undefined;
}

const NOTHING: ReadonlyMap<Version, number> = new Map();

/** What is told of a client to its own process, and in the roll call of the fleet. */
export function viewOf({ contract, client, pins, attendance, rescue }: ClientFacts): ClientView & { readonly report: ClientReport } {
  return {
    topic: contract.topic,
    get pin() {
      return pins.current;
    },
    get stranded() {
      return rescue?.stranded ?? NOTHING;
    },
    get report() {
      const { version, state, since, why, by } = pins.current;
      return {
        topic: contract.topic,
        member: attendance.member,
        versions: contract.line.versions,
        pin: { version, state, since, why, by: by.map(({ server }) => server) },
        inFlight: client.inFlight,
        stranded: [...this.stranded.values()].reduce((sum, count) => sum + count, 0),
      };
    },
  };
}
