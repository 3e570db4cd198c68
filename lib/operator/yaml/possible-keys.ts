import type { Cursor } from "./cursor.ts";

/** Where a key may have started that only the `:` behind it makes one. */
export interface PossibleKey {
  readonly tokenNumber: number;
  readonly start: number;
  readonly lineStart: number;
  /** Whether the text can be nothing but a key. */
  readonly required: boolean;
}

/** Characters from the start of a key to its `:`, the limit of YAML 1.1. */
const MAX_KEY_LENGTH = 1024;

/** The possible keys, one for each level of `[]` and `{}`. */
export class PossibleKeys {
  readonly #cursor: Cursor;
  readonly #byLevel: (PossibleKey | undefined)[] = [];
  #count = 0;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  set(level: number, key: PossibleKey): void {
    this.forget(level);
    this.#byLevel[level] = key;
    this.#count += 1;
  }

  take(level: number): PossibleKey | undefined {
    const key = this.#byLevel[level];
    if (key === undefined) return undefined;
    this.#byLevel[level] = undefined;
    this.#count -= 1;
    return key;
  }

  /** Gives the place up; a text that had to be a key is an error. */
  forget(level: number): void {
    const key = this.take(level);
    if (key?.required) this.#cursor.fail("expected a ':' behind this text, on the same line", key.start);
  }

  /** Forgets those that are on another line than the cursor, or too far back. */
  forgetStale(): void {
    if (this.#count === 0) return;
    const { pos, lineStart } = this.#cursor;
    for (let level = 0; level < this.#byLevel.length; level += 1) {
      const key = this.#byLevel[level];
      if (key && (key.lineStart !== lineStart || pos - key.start > MAX_KEY_LENGTH)) this.forget(level);
    }
  }

  /** The number of the first token that may be a key: an older key always has a lower level. */
  firstTokenNumber(): number | undefined {
    if (this.#count === 0) return undefined;
    return this.#byLevel.find((key) => key !== undefined)?.tokenNumber;
  }
}
