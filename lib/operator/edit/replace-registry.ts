import { PackageValidationError } from "../../errors/index.ts";
import type { Manifests } from "../manifests.ts";
import { editedPaths, YAML_FILES } from "./files.ts";
import { type Change, splice, withLineFeeds } from "./splice.ts";

/** Work that the rules may still take, in units of about 12 ns. They take away from it. */
export interface Work {
  left: number;
}

/** What a rule changes in a text. Throws RangeError where that takes too much work, or more than is left. */
export type Replacement = (text: string, work: Work) => Iterable<Change>;

/**
 * Characters of all files together in which something was replaced: a rule that makes texts longer could
 * else ask for gigabytes. The largest package of community-operators has 12 million.
 */
export const MAX_REPLACED_LENGTH = 64_000_000;

/** Work of all rules on all files together: about 5 seconds, in which the service does nothing else. */
export const MAX_REPLACEMENT_WORK = 400_000_000;

/**
 * Applies the rules to the text of each file with such a name, one after the other; the later one sees what the
 * earlier one made. Line breaks stay as they are, but the rules see "\n" for each.
 *
 * @throws PackageValidationError for a file that is not UTF-8 although a rule applies to it, and where the
 *   rules take too much work or make the texts too large
 */
export function replaceRegistry(
  manifests: Manifests,
  rules: readonly Replacement[],
  names = YAML_FILES,
): Manifests {
  if (rules.length === 0) return manifests;
  const replaced = new Map<string, string>();
  const work: Work = { left: MAX_REPLACEMENT_WORK };
  let room = MAX_REPLACED_LENGTH;
  for (const path of editedPaths(manifests, names)) {
    const before = textOf(manifests, path, rules, work);
    const after = before === undefined ? undefined : replaceIn(path, before, rules, room, work);
    if (after === undefined || after === before) continue;
    room -= after.length;
    replaced.set(path, after);
  }
  return replaced.size === 0 ? manifests : manifests.withTexts(replaced);
}

/** Undefined for a file that is not UTF-8 and has nothing to replace, such as a picture with a wrong name. */
function textOf(
  manifests: Manifests,
  path: string,
  rules: readonly Replacement[],
  work: Work,
): string | undefined {
  try {
    return manifests.text(path);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const bytes = manifests.files.get(path) ?? new Uint8Array();
    const asLatin1 = Buffer.from(bytes).toString("latin1");
    if (replaceIn(path, asLatin1, rules, MAX_REPLACED_LENGTH, work) === asLatin1) return undefined;
    throw new PackageValidationError(
      `Expected ${path} to be UTF-8, because a registry has to be replaced in it. Save the file as UTF-8 and push again.`,
      undefined,
      { cause: error },
    );
  }
}

function replaceIn(
  path: string,
  text: string,
  rules: readonly Replacement[],
  most: number,
  work: Work,
): string {
  try {
    return rules.reduce((before, rule) => splice(before, rule(withLineFeeds(before), work), most), text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PackageValidationError(
      `Could not replace registries in ${path}: ${error.message}. Make the file smaller, or ask for a simpler rule.`,
      undefined,
      { cause: error },
    );
  }
}
