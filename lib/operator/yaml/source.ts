import type { Resolved } from "./resolve.ts";
import type { Token } from "./tokens.ts";

/**
 * Collections inside each other whose places are noted: enough for the annotations of an object's
 * metadata, few enough to cost nothing.
 */
export const NOTED_DEPTH = 3;

/** A name by which aliases of the document can stand for a value. */
export interface Anchor {
  readonly name: string;
  /** Whether one does. */
  used: boolean;
}

/** Where a value stands. All places are indexes in the decoded text (`decodeYaml`). */
export interface ValueSource {
  /** Its anchor or tag, if it has one. */
  readonly start: number;
  /** Its last token: the whole of a scalar or an alias; an anchor or a tag where nothing follows them. */
  readonly last: Token;
  readonly anchor: Anchor | undefined;
}

/** Where an entry of a mapping stands. */
export interface EntrySource {
  readonly key: Resolved;
  /** Behind the key. */
  readonly keyEnd: number;
  /** Behind the ":"; undefined where none is written. */
  readonly colonEnd: number | undefined;
  /** Undefined where none is written. */
  readonly value: ValueSource | undefined;
}

/** Where a mapping stands. */
export interface MappingSource {
  /** Its "{", or its first key. */
  readonly start: number;
  /** Whether it is written in braces. */
  readonly flow: boolean;
  /** In the order of the text; equal keys and merges (`<<`) too. */
  readonly entries: EntrySource[];
}
