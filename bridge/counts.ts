/** How many messages had which fate since the start. */
export interface Counts {
  /** Delivered by the broker; one that was delivered twice counts twice. */
  received: number;
  /** On the bus. */
  put: number;
  /** Told the broker that they can never be on the bus. */
  rejected: number;
  /** Given back to the broker. */
  released: number;
  /** Entries that the bus did not take when they were put, each time. */
  failed: number;
  /** Connections to the broker. */
  connections: number;
}

/** Nothing yet. */
export function newCounts(): Counts {
  return { received: 0, put: 0, rejected: 0, released: 0, failed: 0, connections: 0 };
}
