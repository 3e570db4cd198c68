import type { BrokerMessage } from "./broker.ts";

/**
 * Most bytes of an entry, and of all entries of one call: EventBridge takes 1 MiB, and wraps the entry in an envelope
 * that counts where the event goes on to a queue.
 */
export const MAX_ENTRY_BYTES = 1_000_000;

/** Most entries of one call of PutEvents. */
export const MAX_ENTRIES = 10;

const SOURCE = "koji";
const DETAIL_TYPE = "BuildStateChange";

/** One message as PutEvents takes it. */
export interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  /** JSON: `{"topic", "headers", "body"}`. */
  readonly Detail: string;
}

/** A message that can never be an event. */
export class UnfitMessageError extends Error {
  override readonly name = "UnfitMessageError";
}

/**
 * Makes the entry of a message. A body of JSON is in it as JSON, another one as a string.
 *
 * @throws UnfitMessageError for a body that is not text, headers that are not JSON, and what is too large
 */
export function entryOf({ topic, headers, text }: BrokerMessage): Entry {
  if (text === undefined) throw new UnfitMessageError("The body is not text");
  const entry = {
    Source: SOURCE,
    DetailType: DETAIL_TYPE,
    Detail: `{"topic":${JSON.stringify(topic)},"headers":${headersAsJson(headers)},"body":${bodyAsJson(text)}}`,
  };
  const bytes = bytesOf(entry);
  if (bytes > MAX_ENTRY_BYTES)
    throw new UnfitMessageError(`The event has ${bytes} bytes, at most ${MAX_ENTRY_BYTES} can be put`);
  return entry;
}

/** The size of an entry as EventBridge counts it, in bytes. */
export function bytesOf({ Source, DetailType, Detail }: Entry): number {
  return Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}

function headersAsJson(headers: BrokerMessage["headers"]): string {
  try {
    return JSON.stringify(headers);
  } catch (cause) {
    throw new UnfitMessageError("The headers are not JSON", { cause });
  }
}

/** JSON stays as it is written, so that no number loses digits. */
function bodyAsJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
