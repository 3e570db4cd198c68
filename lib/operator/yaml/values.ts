import type { MappingSource } from "./source.ts";

/** What PyYAML's safe loader builds, as this module holds it: Python's types that JSON lacks have their own. */
export type Value =
  | null
  | boolean
  | bigint // int
  | number // float
  | string
  | Uint8Array // bytes
  | PyDate
  | PyDateTime
  | PyTuple
  | PySet
  | Dict
  | Value[];

export type Collection = Value[] | PyTuple | PySet | Dict;

export function isCollection(value: Value): value is Collection {
  if (typeof value !== "object" || value === null) return false;
  return !(value instanceof Uint8Array || value instanceof PyDate || value instanceof PyDateTime);
}

/** A Python `datetime.date`. */
export class PyDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** As `str()` shows it: `2019-01-02`. */
  get iso(): string {
    return isoDate(this.year, this.month, this.day);
  }
}

export interface DateTimeFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Minutes east of UTC, undefined where the text names no zone. */
  readonly zone: number | undefined;
}

/** A Python `datetime.datetime`. */
export class PyDateTime {
  readonly fields: DateTimeFields;

  constructor(fields: DateTimeFields) {
    this.fields = fields;
  }

  /** As `str()` shows it: `2019-01-02 03:04:05.500000+02:00`, without the parts that are zero or absent. */
  get iso(): string {
    const { year, month, day, hour, minute, second, microsecond, zone } = this.fields;
    const fraction = microsecond ? `.${digits(microsecond, 6)}` : "";
    const time = `${digits(hour)}:${digits(minute)}:${digits(second)}${fraction}`;
    return `${isoDate(year, month, day)} ${time}${zone === undefined ? "" : isoZone(zone)}`;
  }

  /** What two equal points in time have in common; with and without a zone are never equal. */
  get instant(): string {
    const { year, month, day, hour, minute, second, microsecond, zone } = this.fields;
    const time = new Date(0);
    time.setUTCFullYear(year, month - 1, day);
    time.setUTCHours(hour, minute - (zone ?? 0), second);
    return `${time.getTime()}.${microsecond}${zone === undefined ? "" : "Z"}`;
  }
}

function digits(part: number, length = 2): string {
  return String(part).padStart(length, "0");
}

function isoDate(year: number, month: number, day: number): string {
  return `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
}

function isoZone(minutes: number): string {
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${digits(Math.floor(distance / 60))}:${digits(distance % 60)}`;
}

/** A pair of `!!omap` or `!!pairs`. */
export class PyTuple {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/**
 * A key by which Python finds an entry: 1, 1.0 and True are the same key, and a string never equals
 * anything else. Keys that are no strings or numbers become strings behind a NUL.
 */
function hashKey(key: Value): string | bigint | number | null {
  if (typeof key === "string") return key.charCodeAt(0) === 0 ? `\0str:${key}` : key;
  if (typeof key === "boolean") return key ? 1n : 0n;
  if (typeof key === "number") return Number.isInteger(key) ? BigInt(key) : key;
  if (key === null || typeof key === "bigint") return key;
  if (key instanceof Uint8Array) return `\0bytes:${Buffer.from(key).toString("hex")}`;
  if (key instanceof PyDate) return `\0date:${key.iso}`;
  if (key instanceof PyDateTime) return `\0datetime:${key.instant}`;
  throw new TypeError("unhashable key");
}

/** Whether Python's `hash()` accepts the value (a tuple of ours can never get into a key). */
export function isHashable(value: Value): boolean {
  return !(
    Array.isArray(value) ||
    value instanceof Dict ||
    value instanceof PySet ||
    value instanceof PyTuple
  );
}

/** A Python `dict`: keeps the order in which keys first came, and finds keys by Python's equality. */
export class Dict {
  readonly #values = new Map<string | bigint | number | null, Value>();
  /** The first spelling of each key whose hash key is not itself. */
  #keys: Map<string | bigint | number | null, Value> | undefined;
  #source: MappingSource | undefined;

  get size(): number {
    return this.#values.size;
  }

  /** Where it stands in the text; noted for the outer levels of a document only. */
  get source(): MappingSource | undefined {
    return this.#source;
  }

  standsAt(source: MappingSource): void {
    this.#source = source;
  }

  has(key: Value): boolean {
    return this.#values.has(hashKey(key));
  }

  /** The value, or undefined where the key is missing. */
  get(key: Value): Value | undefined {
    return this.#values.get(hashKey(key));
  }

  set(key: Value, value: Value): void {
    const hash = hashKey(key);
    if (hash !== key && !this.#values.has(hash)) {
      this.#keys ??= new Map();
      this.#keys.set(hash, key);
    }
    this.#values.set(hash, value);
  }

  clear(): void {
    this.#values.clear();
    this.#keys = undefined;
  }

  values(): Iterable<Value> {
    return this.#values.values();
  }

  *entries(): Generator<[Value, Value]> {
    for (const [hash, value] of this.#values) yield [this.#keys?.get(hash) ?? hash, value];
  }
}

/** A Python `set`, in the order in which the members came. */
export class PySet {
  readonly members = new Dict();
}
