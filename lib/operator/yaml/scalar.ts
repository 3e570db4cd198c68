import { constructScalar } from "./construct.ts";
import { MERGE, type Resolved, resolvePlain } from "./resolve.ts";

/** What the short form `!!` of a tag stands for. */
export const CORE = "tag:yaml.org,2002:";

/**
 * What a scalar stands for.
 *
 * @param tag complete, "!", or undefined for a plain one without a tag
 * @throws Error where the tag is not known, or the text does not fit it
 */
export function resolveScalar(tag: string | undefined, text: string): Resolved {
  if (tag === undefined || tag === "!") return resolvePlain(text);
  if (tag === `${CORE}merge`) return MERGE;
  const value = tag.startsWith(CORE) ? constructScalar(tag.slice(CORE.length), text) : undefined;
  if (value === undefined) throw new Error(`the tag ${tag} cannot be used here, remove it`);
  return value;
}
