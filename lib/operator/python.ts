import { escapeCharacter, stringRepr } from "../python-repr.ts";
import {
  type Collection,
  Dict,
  floatRepr,
  isCollection,
  MAX_DEPTH,
  PyDate,
  PyDateTime,
  PySet,
  PyTuple,
  type Value,
} from "./yaml/index.ts";

/** Characters of one printed value and of its parts: an alias inside aliases could else ask for gigabytes. */
export const MAX_PRINTED = 1_000_000;

/** Values that one comparison looks at, without those that are the same: aliases inside aliases could else ask for billions. */
export const MAX_COMPARED = 10_000;

/**
 * Python's `==`: 1, 1.0 and True are equal, a string equals nothing but a string.
 *
 * @throws RangeError beyond MAX_COMPARED.
 */
export function equal(a: Value, b: Value): boolean {
  return new Comparison().equal(a, b, 0);
}

class Comparison {
  #compared = 0;

  equal(a: Value, b: Value, depth: number): boolean {
    if (a === b) return true;
    this.#compared += 1;
    // Deeper than a file can be are only values that contain themselves.
    if (this.#compared > MAX_COMPARED || depth > MAX_DEPTH) throw new RangeError("too much to compare");
    if (isNumeric(a) && isNumeric(b)) return numberOf(a) === numberOf(b);
    if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
    if (a instanceof PyDate) return b instanceof PyDate && a.iso === b.iso;
    if (a instanceof PyDateTime) return b instanceof PyDateTime && a.instant === b.instant;
    return isCollection(a) && isCollection(b) && this.#equalCollections(a, b, depth + 1);
  }

  #equalCollections(a: Collection, b: Collection, depth: number): boolean {
    if (Array.isArray(a)) return Array.isArray(b) && this.#equalItems(a, b, depth);
    if (a instanceof PyTuple) return b instanceof PyTuple && this.#equalItems(a.items, b.items, depth);
    if (a instanceof Dict) return b instanceof Dict && this.#equalEntries(a, b, depth);
    return b instanceof PySet && this.#equalEntries(a.members, b.members, depth);
  }

  #equalItems(a: readonly Value[], b: readonly Value[], depth: number): boolean {
    return a.length === b.length && a.every((item, index) => this.equal(item, b[index] ?? null, depth));
  }

  #equalEntries(a: Dict, b: Dict, depth: number): boolean {
    if (a.size !== b.size) return false;
    for (const [key, value] of a.entries()) {
      const other = b.get(key);
      if (other === undefined || !this.equal(value, other, depth)) return false;
    }
    return true;
  }
}

function isNumeric(value: Value): value is boolean | bigint | number {
  return typeof value === "boolean" || typeof value === "bigint" || typeof value === "number";
}

function numberOf(value: boolean | bigint | number): bigint | number {
  if (typeof value === "bigint") return value;
  const number = Number(value);
  return Number.isInteger(number) ? BigInt(number) : number;
}

/** Python's `bool()`. */
export function isTruthy(value: Value): boolean {
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof Dict) return value.size > 0;
  if (value instanceof PySet) return value.members.size > 0;
  return typeof value === "number" ? value !== 0 : Boolean(value);
}

/**
 * Python's `str()`, by which `%s` formats.
 *
 * @throws RangeError beyond MAX_PRINTED.
 */
export function str(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof PyDate || value instanceof PyDateTime) return value.iso;
  return new Printer().print(value);
}

/** Python's `repr()`. */
class Printer {
  readonly #open = new Set<Value>();
  #printed = 0;

  print(value: Value): string {
    const text = this.#text(value);
    this.#printed += text.length;
    if (this.#printed > MAX_PRINTED)
      throw new RangeError(`a value prints to more than ${MAX_PRINTED} characters`);
    return text;
  }

  #text(value: Value): string {
    if (value === null) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
    if (typeof value === "bigint") return String(value);
    if (typeof value === "number") return floatRepr(value);
    if (typeof value === "string") return stringRepr(value);
    if (value instanceof Uint8Array) return `b${bytesRepr(value)}`;
    if (value instanceof PyDate) return `datetime.date(${value.year}, ${value.month}, ${value.day})`;
    if (value instanceof PyDateTime) return dateTimeRepr(value);
    return this.#collection(value);
  }

  #collection(value: Value[] | PyTuple | Dict | PySet): string {
    if (this.#open.has(value)) return value instanceof Dict ? "{...}" : "[...]";
    this.#open.add(value);
    const text = this.#items(value);
    this.#open.delete(value);
    return text;
  }

  #items(value: Value[] | PyTuple | Dict | PySet): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.print(item)).join(", ")}]`;
    if (value instanceof PyTuple) return `(${value.items.map((item) => this.print(item)).join(", ")})`;
    if (value instanceof Dict) {
      return `{${[...value.entries()].map(([key, item]) => `${this.print(key)}: ${this.print(item)}`).join(", ")}}`;
    }
    if (value.members.size === 0) return "set()";
    return `{${[...value.members.entries()].map(([key]) => this.print(key)).join(", ")}}`;
  }
}

function bytesRepr(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[^ -~]|\\/g, escapeCharacter);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function dateTimeRepr({ fields }: PyDateTime): string {
  const { year, month, day, hour, minute, second, microsecond, zone } = fields;
  const parts = [year, month, day, hour, minute];
  if (second || microsecond) parts.push(second);
  if (microsecond) parts.push(microsecond);
  return `datetime.datetime(${parts.join(", ")}${zone === undefined ? "" : `, tzinfo=${zoneRepr(zone)}`})`;
}

function zoneRepr(minutes: number): string {
  if (minutes === 0) return "datetime.timezone.utc";
  const day = minutes < 0 ? "days=-1, " : "";
  const seconds = (minutes < 0 ? minutes + 24 * 60 : minutes) * 60;
  return `datetime.timezone(datetime.timedelta(${day}seconds=${seconds}))`;
}

/** What a value is, in the words of someone who wrote it in YAML. */
export function describe(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return `the text ${JSON.stringify(shortened(value))}`;
  if (typeof value === "boolean") return `the boolean ${value}`;
  if (typeof value === "bigint") return `the number ${shortened(String(value))}`;
  if (typeof value === "number") return `the number ${floatRepr(value)}`;
  if (value instanceof Uint8Array) return "binary data";
  if (value instanceof PyDate || value instanceof PyDateTime) return `the date ${value.iso}`;
  if (value instanceof Dict) return value.size > 0 ? "a mapping" : "an empty mapping";
  if (value instanceof PySet) return "a set";
  return Array.isArray(value) && value.length === 0 ? "an empty list" : "a list";
}

const LONGEST_SHOWN = 60;

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
