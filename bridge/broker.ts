/** A message as a broker gave it, of either protocol. */
export interface BrokerMessage {
  /** AMQP 1.0: the address that it was sent to. AMQP 0-9-1: the routing key. */
  readonly topic: string;
  /** AMQP 1.0: the application properties. AMQP 0-9-1: the headers. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Undefined where the body is not text. */
  readonly text: string | undefined;
}

/** A message that the broker waits to hear of. It is told once, by one of the three. */
export interface Delivery {
  readonly message: BrokerMessage;
  /** Whether its connection is gone: the broker delivers the message again, and cannot be told of this delivery. */
  readonly lost: boolean;
  /** It is on the bus: the broker may forget it. */
  accept(): void;
  /** It can never be on the bus: the broker does with it what it does with dead letters. */
  reject(): void;
  /** It is not on the bus: the broker delivers it again, to whom it likes. */
  release(): void;
}

/** Deliveries that come in, over one connection. */
export interface Subscription {
  /** Resolves when no more can come, with the reason; with undefined after `close`. */
  readonly ended: Promise<unknown>;
  /** Asks the broker for no more; what comes still is given back. */
  stopTaking(): Promise<void>;
  /** Ends the connection, after what was told of deliveries has reached the broker. */
  close(): Promise<void>;
}

/**
 * Connects to the broker and asks for messages.
 *
 * @param take gets each delivery
 * @throws what the broker or the network refuses with
 */
export type Subscribe = (take: (delivery: Delivery) => void) => Promise<Subscription>;

/** Reads bytes as UTF-8; undefined where they are not. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}
