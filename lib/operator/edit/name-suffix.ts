import { PackageValidationError } from "../../errors/index.ts";
import type { IdentifiedPackage } from "../identify.ts";
import type { Manifests } from "../manifests.ts";
import { describe } from "../python.ts";
import { blockText, Dict, flowText, type Value, type ValueSource } from "../yaml/index.ts";
import { isAlias, lastEntry, MappingEdit } from "./mapping-edit.ts";
import { splice, withLineFeeds } from "./splice.ts";

/** A package and the name that it has by now. */
export interface NamedPackage {
  readonly manifests: Manifests;
  /** As YAML reads it: a text wherever a suffix was asked for. */
  readonly packageName: Value;
}

const KEY = "packageName";

/**
 * Adds a suffix to `packageName` in the package file, unless the name ends so already. Nothing else in the
 * file changes, and the name keeps its quotes.
 *
 * @param suffix of a-z, 0-9, ".", "_" and "-"; undefined for none
 * @throws PackageValidationError where the name is no text, or stands where it cannot be changed alone
 */
export function addNameSuffix(
  manifests: Manifests,
  { path, packageName }: IdentifiedPackage,
  suffix: string | undefined,
): NamedPackage {
  if (suffix === undefined) return { manifests, packageName };
  if (typeof packageName !== "string") {
    throw new PackageValidationError(
      `Expected packageName to be a text that "${suffix}" can be added to, but it is ${describe(packageName)}. Put it in quotes in the package file.`,
    );
  }
  if (packageName.endsWith(suffix)) return { manifests, packageName };
  const text = manifests.text(path);
  const edit = new MappingEdit(path, withLineFeeds(text));
  const before = mappingOf(manifests, path);
  if (before) changeName(edit, before, withLineFeeds(text), packageName, suffix);
  const changed = manifests.withTexts(new Map([[path, splice(text, edit.changes)]]));
  const after = mappingOf(changed, path);
  if (after?.get(KEY) !== packageName + suffix || after.size !== before?.size) {
    edit.fail(`"${suffix}" cannot be added to ${KEY} where it stands, write it on one line`);
  }
  return { manifests: changed, packageName: packageName + suffix };
}

function mappingOf(manifests: Manifests, path: string): Dict | undefined {
  const { value } = manifests.read(path);
  return value instanceof Dict ? value : undefined;
}

function changeName(edit: MappingEdit, mapping: Dict, text: string, name: string, suffix: string): void {
  const { source } = mapping;
  const entry = source && lastEntry(source, KEY);
  if (!entry?.value) edit.set(mapping, [], new Map([[KEY, name + suffix]]));
  else if (isAlias(entry.value)) {
    edit.replaceValue(entry, name, source?.flow ? flowText(name + suffix) : blockText(name + suffix));
  } else {
    edit.requireUnshared(entry);
    changeScalar(edit, entry.value, text, name, suffix);
  }
}

function changeScalar(
  edit: MappingEdit,
  { last }: ValueSource,
  text: string,
  name: string,
  suffix: string,
): void {
  if (last.type !== "scalar") edit.fail(`${KEY} is empty, write a name`);
  if (last.plain) {
    const written = blockText(name + suffix);
    if (/^['"]/.test(written)) edit.replace(last.start, last.end, written);
    else edit.insertAt(last.end, suffix);
  } else if (/['"]/.test(text.charAt(last.start))) edit.insertAt(last.end - 1, suffix);
  else if (name.endsWith("\n")) edit.fail(`${KEY} ends in a line break, write it on one line`);
  else edit.insertAt(last.end, suffix);
}
