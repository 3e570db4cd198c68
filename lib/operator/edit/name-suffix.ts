import { PackageValidationError } from "../../errors/index.ts";
import type { Manifests } from "../manifests.ts";
import { describe } from "../python.ts";
import { blockText, Dict, type Value, type ValueSource } from "../yaml/index.ts";
import { isAlias, lastEntry, MappingEdit } from "./mapping-edit.ts";
import { splice, withLineFeeds } from "./splice.ts";

/** A package and the name that it has by now. */
export interface NamedPackage {
  readonly manifests: Manifests;
  /** As YAML reads it: a text wherever a suffix was asked for. */
  readonly packageName: Value;
}

/** Where a package's name stands. */
export interface NamePlace {
  readonly packageName: Value;
  /** Of the file; undefined where the name is written nowhere. */
  readonly path?: string | undefined;
  /** The keys that lead to it, one inside the other: `packageName` in a package file. */
  readonly keys?: readonly string[] | undefined;
}

const PACKAGE_FILE_KEYS = ["packageName"];

/**
 * Adds a suffix to a package's name where it is written, unless the name ends so already. Nothing else in the
 * file changes, and the name keeps its quotes.
 *
 * @param suffix of a-z, 0-9, ".", "_" and "-"; undefined for none
 * @throws PackageValidationError where the name is no text, or stands where it cannot be changed alone
 */
export function addNameSuffix(
  manifests: Manifests,
  { path, packageName, keys = PACKAGE_FILE_KEYS }: NamePlace,
  suffix: string | undefined,
): NamedPackage {
  if (suffix === undefined) return { manifests, packageName };
  if (typeof packageName !== "string") {
    throw new PackageValidationError(
      `Expected packageName to be a text that "${suffix}" can be added to, but it is ${describe(packageName)}. Put it in quotes in the package file.`,
    );
  }
  if (packageName.endsWith(suffix)) return { manifests, packageName };
  const name = packageName + suffix;
  if (path === undefined) return { manifests, packageName: name };
  const text = manifests.text(path);
  const edit = new MappingEdit(path, withLineFeeds(text));
  const document = manifests.read(path).value;
  new NameEdit(edit, keys, withLineFeeds(text)).add(document, packageName, suffix);
  const changed = manifests.withTexts(new Map([[path, splice(text, edit.changes)]]));
  const after = changed.read(path).value;
  if (valueAt(after, keys) !== name || sizeAt(after, keys) !== sizeAt(document, keys)) {
    edit.fail(`"${suffix}" cannot be added to ${keys.at(-1)} where it stands, write it on one line`);
  }
  return { manifests: changed, packageName: name };
}

function valueAt(value: Value | undefined, [key, ...rest]: readonly string[]): Value | undefined {
  if (key === undefined) return value;
  return value instanceof Dict ? valueAt(value.get(key), rest) : undefined;
}

/** How many entries the mapping has that the last key is in. */
function sizeAt(value: Value, keys: readonly string[]): number | undefined {
  const mapping = valueAt(value, keys.slice(0, -1));
  return mapping instanceof Dict ? mapping.size : undefined;
}

class NameEdit {
  readonly #edit: MappingEdit;
  readonly #keys: readonly string[];
  readonly #text: string;

  constructor(edit: MappingEdit, keys: readonly string[], text: string) {
    this.#edit = edit;
    this.#keys = keys;
    this.#text = text;
  }

  get #key(): string {
    return this.#keys.at(-1) ?? "";
  }

  add(document: Value, name: string, suffix: string): void {
    let mapping: Value = document;
    for (const key of this.#keys.slice(0, -1)) {
      const entry = mapping instanceof Dict && mapping.source && lastEntry(mapping.source, key);
      if (!(entry && mapping instanceof Dict) || isAlias(entry.value)) {
        this.#edit.fail(`${key} comes from an alias or a merge, write it out`);
      }
      this.#edit.requireUnshared(entry);
      mapping = mapping.get(key) ?? null;
    }
    if (mapping instanceof Dict) this.#addIn(mapping, name, suffix);
  }

  #addIn(mapping: Dict, name: string, suffix: string): void {
    const { source } = mapping;
    const entry = source && lastEntry(source, this.#key);
    if (!entry?.value) this.#edit.set(mapping, [], new Map([[this.#key, name + suffix]]));
    else if (isAlias(entry.value)) {
      const written = source?.flow ? this.#edit.flowText(name + suffix) : blockText(name + suffix);
      this.#edit.replaceValue(entry, name, written);
    } else {
      this.#edit.requireUnshared(entry);
      this.#addToScalar(entry.value, name, suffix);
    }
  }

  #addToScalar({ last }: ValueSource, name: string, suffix: string): void {
    const edit = this.#edit;
    if (last.type !== "scalar") edit.fail(`${this.#key} is empty, write a name`);
    if (last.plain) {
      const written = blockText(name + suffix);
      if (/^['"]/.test(written)) edit.replace(last.start, last.end, written);
      else edit.insertAt(last.end, suffix);
    } else if (/['"]/.test(this.#text.charAt(last.start))) edit.insertAt(last.end - 1, suffix);
    else if (name.endsWith("\n")) edit.fail(`${this.#key} ends in a line break, write it on one line`);
    else edit.insertAt(last.end, suffix);
  }
}
