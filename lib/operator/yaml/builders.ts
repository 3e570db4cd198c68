import { MAX_MERGED_KEYS } from "./limits.ts";
import { DEFAULT_VALUE, MERGE, type Resolved } from "./resolve.ts";
import { Dict, isHashable, PySet, PyTuple, type Value } from "./values.ts";

/** Fills a list, or for `!!omap` and `!!pairs` a list of pairs. */
export class SequenceBuilder {
  readonly list: Value[];
  readonly #pairs: boolean;

  constructor(list: Value[], pairs: boolean) {
    this.list = list;
    this.#pairs = pairs;
  }

  /** @throws Error for an item that PyYAML refuses. */
  add(item: Resolved): void {
    this.list.push(this.#pairs ? pair(item) : plainValue(item));
  }
}

function pair(item: Resolved): PyTuple {
  const entries = item instanceof Dict ? [...item.entries()] : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new Error("expected a mapping with exactly one key");
  return new PyTuple(entry);
}

/** Fills a mapping in PyYAML's way: the last of equal keys wins, and merged keys come first. */
export class MappingBuilder {
  readonly dict: Dict;
  #merged: [Value, Value][] | undefined;

  constructor(dict: Dict) {
    this.dict = dict;
  }

  /** @throws Error for a key or value that PyYAML refuses. */
  add(key: Resolved, value: Resolved): void {
    if (key === MERGE) {
      this.#merged ??= [];
      for (const source of mergeSources(value)) merge(source, this.#merged);
      return;
    }
    const name = key === DEFAULT_VALUE ? "=" : key;
    if (!isHashable(name)) throw new Error("a list, mapping or set cannot be a key, put the key in quotes");
    this.dict.set(name, plainValue(value));
  }

  /** Puts the merged keys in front; explicit ones win over them. Gives how many were merged. */
  finish(): number {
    if (this.#merged === undefined) return 0;
    const own = [...this.dict.entries()];
    this.dict.clear();
    for (const [key, value] of this.#merged) this.dict.set(key, value);
    for (const [key, value] of own) this.dict.set(key, value);
    return this.#merged.length;
  }
}

function merge(source: Dict, into: [Value, Value][]): void {
  for (const entry of source.entries()) {
    if (into.length === MAX_MERGED_KEYS) throw new Error(`merges add more than ${MAX_MERGED_KEYS} keys`);
    into.push(entry);
  }
}

/** @throws Error for a plain `<<` or `=` that stands where a value is expected. */
export function plainValue(value: Resolved): Value {
  if (value !== MERGE && value !== DEFAULT_VALUE) return value;
  throw new Error(`a lone ${value.description} is no value, put it in quotes`);
}

function mergeSources(value: Resolved): Dict[] {
  // The first mapping of a list wins, so it has to be set last.
  if (Array.isArray(value)) return value.map(mergeSource).reverse();
  return [mergeSource(value)];
}

function mergeSource(value: Resolved): Dict {
  if (value instanceof Dict) return value;
  if (value instanceof PySet) return value.members;
  throw new Error("<< can merge a mapping or a list of mappings only");
}
