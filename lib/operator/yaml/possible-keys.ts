import type { Cursor } from "./cursor.ts";

/** Where a key may have started that only the `:` behind it makes one. */
export interface PossibleKey {
  /** How many `[` and `{` are open around it. */
  readonly level: number;
  readonly tokenNumber: number;
  readonly start: number;
  readonly lineStart: number;
  /** Whether the text can be nothing but a key. */
  readonly required: boolean;
}

/** Characters from the start of a key to its `:`, the limit of YAML 1.1. */
const MAX_KEY_LENGTH = 1024;

/** The possible keys, at most one for each level; the older one of two always has the lower level. */
export class PossibleKeys {
  readonly #cursor: Cursor;
  #keys: PossibleKey[] = [];
  #first = 0;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  add(key: PossibleKey): void {
    this.forget(key.level);
    this.#keys.push(key);
  }

  take(level: number): PossibleKey | undefined {
    const key = this.#keys.at(-1);
    if (key?.level !== level || this.#first === this.#keys.length) return undefined;
    this.#keys.pop();
    return key;
  }

  /** Gives the place up; a text that had to be a key is an error. */
  forget(level: number): void {
    const key = this.take(level);
    if (key) this.#drop(key);
  }

  /** Forgets those that are on another line than the cursor, or too far back: the oldest first. */
  forgetStale(): void {
    const { pos, lineStart } = this.#cursor;
    for (let key = this.#oldest(); key; key = this.#oldest()) {
      if (key.lineStart === lineStart && pos - key.start <= MAX_KEY_LENGTH) return;
      this.#first += 1;
      this.#drop(key);
    }
    if (this.#first > 0) this.#keys = [];
    this.#first = 0;
  }

  /** The number of the first token that may be a key. */
  firstTokenNumber(): number | undefined {
    return this.#oldest()?.tokenNumber;
  }

  #oldest(): PossibleKey | undefined {
    return this.#keys[this.#first];
  }

  #drop({ required, start }: PossibleKey): void {
    if (required) this.#cursor.fail("expected a ':' behind this text, on the same line", start);
  }
}
