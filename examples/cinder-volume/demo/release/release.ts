import type { Bus, ClientOptions, Pin, ServeOptions, Server } from 'lynchpin';

/** The releases that take part, by the names that they are started with. */
export type ReleaseName = 'ocata' | 'newest';

/** The errands that clients run, by name: both releases know the same. */
export type StoryName = 'volume' | 'attachment' | 'snapshot' | 'group' | 'backup' | 'migration' | 'replication' | 'host';

/** What a release is: the versions that it reads, its server and its client. */
export interface Release {
  readonly name: ReleaseName;
  readonly floor: string;
  readonly version: string;
  serve(bus: Bus, name: string, options: ServeOptions): Promise<Server>;
  open(bus: Bus, options: ClientOptions, seed: number): Promise<Caller>;
}

/** A client of some release, with what it does all day. */
export interface Caller {
  readonly pin: Pin;
  watchPin(listener: (now: Pin) => void): void;
  /** Runs one errand to its end. */
  tell(story: StoryName): Promise<void>;
  /** Sends what only the newest version has, without asking the pin. Only newer releases have any such thing. */
  readonly hasty?: () => Promise<void>;
  /** Calls a newer method that is declared `early`: whoever reads it already may serve it. */
  readonly early?: () => Promise<void>;
  close(): Promise<void>;
}
