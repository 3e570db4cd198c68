import type { Delivery } from "./broker.ts";
import { bytesOf, type Entry, MAX_ENTRIES, MAX_ENTRY_BYTES } from "./entry.ts";

/** A delivery, and the entry that it becomes. */
export interface Parcel {
  readonly delivery: Delivery;
  readonly entry: Entry;
}

/**
 * Takes from the front of the waiting parcels what one call of PutEvents can have. Those whose connection is gone are
 * dropped: the broker delivers their messages again.
 *
 * @param waiting is shortened; each entry alone is within the limits of a call
 */
export function takeBatch(waiting: Parcel[]): Parcel[] {
  const batch: Parcel[] = [];
  let bytes = 0;
  for (let next = waiting[0]; next && batch.length < MAX_ENTRIES; next = waiting[0]) {
    if (!next.delivery.lost) {
      bytes += bytesOf(next.entry);
      if (bytes > MAX_ENTRY_BYTES) break;
      batch.push(next);
    }
    waiting.shift();
  }
  return batch;
}
