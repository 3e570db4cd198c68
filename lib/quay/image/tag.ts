const SEMANTIC_VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?$/;

/** Longest tag that a registry takes, in characters (OCI distribution specification). */
export const MAX_TAG_LENGTH = 128;

/** The tag of a release: `v` and its version. Undefined where no release of an image can have it: a tag has no `+`. */
export function tagOf(version: string): string | undefined {
  const tag = `v${version}`;
  return tag.length <= MAX_TAG_LENGTH && SEMANTIC_VERSION.test(version) ? tag : undefined;
}

/** The versions of the releases among a repository's tags, highest first; other tags are no releases. */
export function versionsOf(tags: readonly string[]): readonly string[] {
  return tags
    .filter((tag) => tag.startsWith("v") && tagOf(tag.slice(1)) !== undefined)
    .map((tag) => tag.slice(1))
    .sort((a, b) => comparePrecedence(b, a));
}

/** Precedence of Semantic Versioning 2.0.0, section 11. Numbers may be of any length. */
function comparePrecedence(a: string, b: string): number {
  const [, ...left] = SEMANTIC_VERSION.exec(a) ?? [];
  const [, ...right] = SEMANTIC_VERSION.exec(b) ?? [];
  for (const place of [0, 1, 2]) {
    const order = compareNumbers(left[place], right[place]);
    if (order !== 0) return order;
  }
  return comparePrereleases(left[3], right[3]);
}

/** A release without one comes after all that have one. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [left, right] = [a.split("."), b.split(".")];
  for (const [place, identifier] of left.entries()) {
    const other = right[place];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber && bIsNumber) return compareNumbers(a, b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return Number(a > b) - Number(a < b);
}

function compareNumbers(a = "0", b = "0"): number {
  return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
}
