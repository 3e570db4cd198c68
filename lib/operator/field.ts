import { describe, equal, str } from "./python.ts";
import { Dict, PySet, PyTuple, type Value } from "./yaml/index.ts";

/**
 * A package that operator-courier dies on: a field has a type with which no rule can do anything.
 * The message names the file and the field, what was expected and what is there.
 */
export class UnusableField extends Error {
  /** The file that the message starts with; absent where it is about the whole package. */
  readonly file: string | undefined;

  constructor(message: string, file?: string) {
    super(message);
    this.name = "UnusableField";
    this.file = file;
  }
}

/** Items of one list that a rule looks at; honest lists have a handful. */
export const MAX_ITEMS = 100_000;

/** Characters of a text in which a rule looks for a key, which no text has: aliases can have it looked at often. */
export const MAX_SEARCHED_TEXT = 10_000;

/** A value and where it stands. Its methods are Python's, because the rules are written in Python. */
export class Field {
  readonly file: string;
  /** `spec.install.spec`, "" for the whole document. */
  readonly path: string;
  readonly value: Value;

  constructor(file: string, value: Value, path = "") {
    this.file = file;
    this.path = path;
    this.value = value;
  }

  /** Python's `key in value`: a key of a mapping, an item of a list, or a part of a text. */
  has(key: string): boolean {
    const { value } = this;
    if (value instanceof Dict) return value.has(key);
    if (value instanceof PySet) return value.members.has(key);
    if (Array.isArray(value)) return value.some((item) => equal(item, key));
    if (value instanceof PyTuple) return value.items.some((item) => equal(item, key));
    const searched = typeof value === "string" && value.length <= MAX_SEARCHED_TEXT;
    return searched ? value.includes(key) : this.unusable("a mapping");
  }

  /** Python's `value[key]`. */
  get(key: string): Field {
    return this.optional(key) ?? this.unusable(`a mapping with the key ${key}`);
  }

  /** Python's `value[key]`; undefined for a mapping without the key. */
  optional(key: string): Field | undefined {
    if (!(this.value instanceof Dict)) return this.unusable("a mapping");
    const value = this.value.get(key);
    return value === undefined
      ? undefined
      : this.#part(value, this.path === "" ? key : `${this.path}.${key}`);
  }

  /** Python's `value[0]`. */
  first(): Field {
    const { value } = this;
    const first = value instanceof Dict ? value.get(0n) : undefined;
    if (first !== undefined) return this.#part(first, `${this.path}[0]`);
    if (!(typeof value === "string" || Array.isArray(value))) return this.unusable("a text");
    return this.items()[0] ?? this.unusable("a text that is not empty");
  }

  /** Python's iteration: items of a list, keys of a mapping, characters of a text. */
  items(): Field[] {
    const items = this.#iterate();
    if (items.length > MAX_ITEMS) this.unusable(`a list of at most ${MAX_ITEMS} items`);
    return items.map((item, index) => this.#part(item, `${this.path}[${index}]`));
  }

  #iterate(): readonly Value[] {
    const { value } = this;
    if (Array.isArray(value)) return value;
    if (value instanceof PyTuple) return value.items;
    if (value instanceof Dict) return [...value.entries()].map(([key]) => key);
    if (value instanceof PySet) return [...value.members.entries()].map(([key]) => key);
    if (typeof value === "string") return [...value];
    return value instanceof Uint8Array ? [...value].map(BigInt) : this.unusable("a list");
  }

  /** Python's `len(value)`. */
  length(): number {
    return this.#iterate().length;
  }

  /** A value that is joined with text. */
  text(): string {
    return typeof this.value === "string" ? this.value : this.unusable("a text");
  }

  /** Python's `str()`, by which `%s` formats. */
  printed(): string {
    return this.#sized(() => str(this.value));
  }

  equals(other: Field): boolean {
    return this.#sized(() => equal(this.value, other.value));
  }

  /** Aliases inside aliases make a value that is small in the file and endless on paper. */
  #sized<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (error instanceof RangeError) return this.unusable("of reasonable size");
      throw error;
    }
  }

  #part(value: Value, path: string): Field {
    return new Field(this.file, value, path);
  }

  unusable(expected: string): never {
    const what = this.path === "" ? "the document" : this.path;
    throw new UnusableField(
      `${this.file}: ${what} must be ${expected}, but it is ${describe(this.value)}.`,
      this.file,
    );
  }
}
