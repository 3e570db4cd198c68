import { PackageValidationError } from "../../errors/index.ts";
import { isJsonPath } from "../manifests.ts";
import { describe } from "../python.ts";
import {
  blockText,
  Dict,
  type EntrySource,
  flowText,
  isCollection,
  type MappingSource,
  type Value,
  type ValueSource,
} from "../yaml/index.ts";
import { insertionInBlock } from "./insertion.ts";
import type { Change } from "./splice.ts";

/** Keys to values, all of them texts. */
export type Texts = ReadonlyMap<string, string>;

/** Characters of a reason: names of anchors in it can be as long as the file. */
const MAX_REASON = 500;

/** Collects changes of one YAML document that leave all else as it is. */
export class MappingEdit {
  readonly #file: string;
  readonly #text: string;
  readonly #changes: Change[] = [];
  /** Writes a text in braces. */
  readonly flowText: (text: string) => string;

  /** @param text of the file, with "\n" at the ends of its lines */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.flowText = isJsonPath(file) ? JSON.stringify : flowText;
  }

  /** In the order of their places. */
  get changes(): readonly Change[] {
    return this.#changes.toSorted((a, b) => a.start - b.start);
  }

  /**
   * Sets texts in the mapping that is found under the keys, one inside the other; those that are missing or
   * null are made.
   *
   * @throws PackageValidationError where that would change other parts of the document too
   */
  set(mapping: Dict, keys: readonly string[], texts: Texts): void {
    const source = this.#sourceOf(mapping);
    const [key, ...rest] = keys;
    const entry = key === undefined ? undefined : lastEntry(source, key);
    if (key === undefined) this.#setTexts(mapping, source, texts);
    else if (entry) this.#setInside(entry, key, mapping.get(key) ?? null, rest, texts);
    else if (mapping.has(key)) this.fail(`${key} comes from a merge (<<), write it out`);
    else this.#insert(source, keys, texts);
  }

  #setInside(entry: EntrySource, key: string, value: Value, keys: readonly string[], texts: Texts): void {
    if (value === null) this.replaceValue(entry, value, this.#flowMapping(keys, texts));
    else if (!(value instanceof Dict)) {
      this.fail(`expected ${key} to be a mapping, but it is ${describe(value)}`);
    } else if (isAlias(entry.value)) this.#extendAlias(entry, entry.value, keys, texts);
    else {
      this.requireUnshared(entry);
      this.set(value, keys, texts);
    }
  }

  #setTexts(mapping: Dict, source: MappingSource, texts: Texts): void {
    const added = new Map<string, string>();
    for (const [name, text] of texts) {
      const entry = lastEntry(source, name);
      if (!entry) added.set(name, text);
      else if (mapping.get(name) !== text) {
        this.replaceValue(
          entry,
          mapping.get(name) ?? null,
          source.flow ? this.flowText(text) : blockText(text),
        );
      }
    }
    if (added.size > 0) this.#insert(source, [], added);
  }

  #sourceOf(mapping: Dict): MappingSource {
    return mapping.source ?? this.fail("the place of a mapping is not known");
  }

  /** An alias stands for a mapping that others use too, so that a copy with more keys takes its place. */
  #extendAlias(entry: EntrySource, { last }: ValueSource, keys: readonly string[], texts: Texts): void {
    if (keys.length > 0) this.fail(`*${last.value} stands for a mapping that has to change, write it out`);
    this.replaceValue(entry, null, `{<<: *${last.value}, ${this.#flowEntries([], texts)}}`);
  }

  /** Writes another value for an entry; `value` is the one that it has. */
  replaceValue({ keyEnd, colonEnd, value: written }: EntrySource, value: Value, text: string): void {
    if (colonEnd === undefined) this.#change(keyEnd, keyEnd, `: ${text}`);
    else if (!written) this.#change(colonEnd, colonEnd, ` ${text}`);
    else {
      if (!isAlias(written)) this.#requireUnused(written);
      // The text of a collection may start on a line of its own, at a column where no text may.
      const isBlock = isCollection(value) && !isAlias(written);
      this.#change(isBlock ? colonEnd : written.start, written.last.end, isBlock ? ` ${text}` : text);
    }
  }

  insertAt(place: number, text: string): void {
    this.#change(place, place, text);
  }

  replace(start: number, end: number, text: string): void {
    this.#change(start, end, text);
  }

  /** @throws PackageValidationError where the value has an anchor that is used elsewhere. */
  requireUnshared({ value }: EntrySource): void {
    if (value) this.#requireUnused(value);
  }

  #requireUnused({ anchor }: ValueSource): void {
    if (!anchor?.used) return;
    this.fail(`the value at &${anchor.name} is used elsewhere as *${anchor.name}, write it out there`);
  }

  #insert(source: MappingSource, keys: readonly string[], texts: Texts): void {
    if (!source.flow) {
      this.#changes.push(insertionInBlock(this.#text, source, blockLines(keys, texts)));
      return;
    }
    const place = source.start + 1;
    const comma = source.entries.length === 0 ? "" : /\s/.test(this.#text.charAt(place)) ? "," : ", ";
    this.#change(place, place, this.#flowEntries(keys, texts) + comma);
  }

  #change(start: number, end: number, text: string): void {
    this.#changes.push({ start, end, text });
  }

  #flowMapping(keys: readonly string[], texts: Texts): string {
    return `{${this.#flowEntries(keys, texts)}}`;
  }

  #flowEntries([key, ...rest]: readonly string[], texts: Texts): string {
    if (key !== undefined) return `${this.flowText(key)}: ${this.#flowMapping(rest, texts)}`;
    return [...texts].map(([name, text]) => `${this.flowText(name)}: ${this.flowText(text)}`).join(", ");
  }

  fail(reason: string): never {
    throw new PackageValidationError(
      `Could not change ${this.#file} as the settings of the organization ask: ${reason.slice(0, MAX_REASON)}.`,
    );
  }
}

/** The entry that counts: of equal keys it is the last. */
export function lastEntry(source: MappingSource, key: string): EntrySource | undefined {
  return source.entries.findLast((entry) => entry.key === key);
}

export function isAlias(value: ValueSource | undefined): value is ValueSource {
  return value?.last.type === "alias" && value.last.start === value.start;
}

function blockLines([key, ...rest]: readonly string[], texts: Texts): string[] {
  if (key !== undefined) return [`${blockText(key)}:`, ...blockLines(rest, texts).map((line) => `  ${line}`)];
  return [...texts].map(([name, text]) => `${blockText(name)}: ${blockText(text)}`);
}
