/** A message as it went over the wire. */
export interface WireMessage {
  readonly exchange: string;
  readonly key: string;
  readonly type?: string;
  readonly id?: string;
  readonly correlation?: string;
  readonly replyTo?: string;
  readonly expiration?: number;
  readonly persistent?: boolean;
  readonly app?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  /** The mark that the sender put into the body. */
  readonly reference?: string;
  /** The body's text, unless it is long. */
  readonly body?: string;
}

interface OnChannel {
  readonly at: number;
  /** Counts the connections of one proxy. */
  readonly connection: number;
  readonly channel: number;
}

/** The process connected. */
export interface Opened {
  readonly kind: 'opened';
  readonly at: number;
  readonly connection: number;
}

/** The broker's side of a connection ended. `clean`: the process had closed it in the orderly way of AMQP. */
export interface Lost {
  readonly kind: 'lost';
  readonly at: number;
  readonly connection: number;
  readonly by: 'process' | 'broker' | 'fault';
  readonly clean: boolean;
}

/** The process sent a message. `published` waits for `accepted`, if the channel confirms. */
export interface Published extends OnChannel {
  readonly kind: 'published';
  readonly message: WireMessage;
}

/** The broker confirmed (or refused) what was published under these message ids. */
export interface Accepted extends OnChannel {
  readonly kind: 'accepted' | 'unaccepted';
  readonly ids: readonly string[];
}

/** The broker sent a mandatory message back. */
export interface Bounced extends OnChannel {
  readonly kind: 'bounced';
  readonly message: WireMessage;
}

/** The broker handed a message to the process: pushed to a consumer, or fetched. */
export interface Delivered extends OnChannel {
  readonly kind: 'delivered';
  readonly tag: number;
  readonly queue: string;
  readonly redelivered: boolean;
  /** No acknowledgement is due. */
  readonly settled: boolean;
  readonly message: WireMessage;
}

/** The process gave up its deliveries: `acked` for good, `refused` to the dead letters, `requeued` for somebody else. */
export interface Settled extends OnChannel {
  readonly kind: 'acked' | 'refused' | 'requeued';
  readonly tags: readonly number[];
}

/** The broker agreed to a consumer, or the consumer was cancelled by either side. */
export interface Consuming extends OnChannel {
  readonly kind: 'consuming' | 'cancelled';
  readonly queue: string;
}

/** A channel ended before its connection did. */
export interface ChannelClosed extends OnChannel {
  readonly kind: 'channel-closed';
  readonly by: 'process' | 'broker';
  readonly text: string;
}

/** The process named a queue in a declaration, passive or not, or bound one. */
export interface Named extends OnChannel {
  readonly kind: 'declared' | 'bound';
  readonly queue: string;
  readonly exchange?: string;
  readonly key?: string;
}

/** The proxy began or ended a fault. */
export interface Fault {
  readonly kind: 'fault';
  readonly at: number;
  readonly fault: 'cut' | 'stall' | 'half-open' | 'delay' | 'refuse' | 'mend';
}

/** A line of a wire journal: what one process and the broker said to each other, in the order in which it passed. */
export type WireEntry = Opened | Lost | Published | Accepted | Bounced | Delivered | Settled | Consuming | ChannelClosed | Named | Fault;

/** Everything that went over the connections of one incarnation of a process. */
export interface WireJournal {
  readonly process: string;
  readonly entries: readonly WireEntry[];
}
