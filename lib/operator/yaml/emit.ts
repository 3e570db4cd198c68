import { keyText, valueText } from "./emit-scalar.ts";
import { type Collection, Dict, isCollection, PySet, PyTuple, type Value } from "./values.ts";

/** Characters of a key that still goes on one line with its ":", as in PyYAML. YAML 1.1 allows 1024. */
const MAX_SHORT_KEY = 128;

const STEP = 2;

/** Characters of one dump. Deeply nested lists of short items else grow a hundredfold by their indentation. */
const MAX_DUMPED = 64_000_000;

/**
 * Writes a value as a YAML document that PyYAML reads back as the same value: block style, ASCII, keys of
 * text sorted, multi-line texts as literal blocks where YAML can. Collections that occur more than once
 * are written once and referred to by aliases.
 *
 * @throws RangeError beyond MAX_DUMPED.
 */
export function dumpYaml(value: Value): string {
  return new Emitter(sharedCollections(value)).document(value);
}

function children(value: Collection): Iterable<Value> {
  if (value instanceof Dict) return value.values();
  return value instanceof PySet ? [] : listItems(value);
}

function listItems(value: Value[] | PyTuple): readonly Value[] {
  return value instanceof PyTuple ? value.items : value;
}

/** The collections that occur more than once. */
function sharedCollections(root: Value): Set<Value> {
  const seen = new Set<Value>();
  const shared = new Set<Value>();
  const visit = (value: Value): void => {
    if (!isCollection(value)) return;
    if (seen.has(value)) {
      shared.add(value);
      return;
    }
    seen.add(value);
    for (const child of children(value)) visit(child);
  };
  visit(root);
  return shared;
}

class Emitter {
  readonly #shared: ReadonlySet<Value>;
  readonly #anchors = new Map<Value, string>();
  #text = "";

  constructor(shared: ReadonlySet<Value>) {
    this.#shared = shared;
  }

  #write(text: string): void {
    this.#text += text;
    if (this.#text.length > MAX_DUMPED) throw new RangeError(`a dump has more than ${MAX_DUMPED} characters`);
  }

  document(value: Value): string {
    if (!isCollection(value)) return `${valueText(value, 0)}\n`;
    const properties = this.#properties(value);
    if (isEmpty(value)) return `${properties}${brackets(value)}\n`;
    if (properties !== "") this.#write(`${properties.trimEnd()}\n`);
    this.#entries(value, 0, false);
    return this.#text;
  }

  /** The anchor and the tag that stand before a collection, each with a blank behind it. */
  #properties(value: Collection): string {
    const tag = value instanceof PySet ? "!!set " : "";
    if (!this.#shared.has(value)) return tag;
    const anchor = `id${String(this.#anchors.size + 1).padStart(3, "0")}`;
    this.#anchors.set(value, anchor);
    return `&${anchor} ${tag}`;
  }

  /** Writes the entries of a collection that has some; `started` if the first goes on the open line. */
  #entries(value: Collection, column: number, started: boolean): void {
    const pad = " ".repeat(column);
    let lead = started ? "" : pad;
    if (value instanceof Dict || value instanceof PySet) {
      for (const [key, entry] of sortedEntries(value)) {
        const name = keyText(key);
        this.#write(lead + (name.length > MAX_SHORT_KEY ? `? ${name}\n${pad}:` : `${name}:`));
        this.#entryOfMapping(entry, column);
        lead = pad;
      }
      return;
    }
    for (const item of listItems(value)) {
      this.#write(`${lead}-`);
      this.#entryOfList(item, column);
      lead = pad;
    }
  }

  #entryOfMapping(value: Value, column: number): void {
    const collection = this.#inline(value, column);
    if (!collection) return;
    const properties = this.#properties(collection);
    this.#write(properties === "" ? "\n" : ` ${properties.trimEnd()}\n`);
    const isList = Array.isArray(collection) || collection instanceof PyTuple;
    this.#entries(collection, isList ? column : column + STEP, false);
  }

  #entryOfList(value: Value, column: number): void {
    const collection = this.#inline(value, column);
    if (!collection) return;
    const properties = this.#properties(collection);
    this.#write(properties === "" ? " " : ` ${properties.trimEnd()}\n`);
    this.#entries(collection, column + STEP, properties === "");
  }

  /** Writes what needs no lines of its own: a scalar, an alias, or an empty collection. Gives back others. */
  #inline(value: Value, column: number): Collection | undefined {
    if (!isCollection(value)) {
      this.#write(` ${valueText(value, column)}\n`);
      return undefined;
    }
    const anchor = this.#anchors.get(value);
    if (anchor === undefined && !isEmpty(value)) return value;
    this.#write(` ${anchor === undefined ? this.#properties(value) + brackets(value) : `*${anchor}`}\n`);
    return undefined;
  }
}

function isEmpty(value: Collection): boolean {
  if (value instanceof PySet) return value.members.size === 0;
  return (value instanceof Dict ? value.size : listItems(value).length) === 0;
}

function brackets(value: Collection): string {
  return value instanceof Dict || value instanceof PySet ? "{}" : "[]";
}

/** Keys of mixed types have no order in Python, and stay in theirs. */
function sortedEntries(value: Dict | PySet): [Value, Value][] {
  const entries = [...(value instanceof PySet ? value.members : value).entries()];
  if (!entries.every(([key]) => typeof key === "string")) return entries;
  return entries.sort(([a], [b]) => (typeof a === "string" && typeof b === "string" && a < b ? -1 : 1));
}
