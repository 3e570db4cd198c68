import { quoted } from "./python-json.ts";

const STRICT = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9a-zA-Z.-]+))?(?:\+([0-9a-zA-Z.-]+))?$/;
const BLOCK =
  /^(<=|==|>=|!=|~=|<|=|>|\^|~|)(\*|0|[1-9]\d*)(?:\.(\*|0|[1-9]\d*)(?:\.(\*|0|[1-9]\d*))?)?(?:-([a-z0-9A-Z.-]*))?(?:\+[a-z0-9A-Z.-]*)?$/;

interface Version {
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
  readonly build: string;
}

interface Block {
  readonly operator: string;
  /** Fewer than three when the query is partial (`1.2`, `1.*`). */
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
}

function emptyIdentifier(part: string): string | undefined {
  const identifiers = part.split(".");
  return identifiers.includes("") ? `Invalid empty identifier '' in ${quoted(part)}` : undefined;
}

/** What python's semantic_version says against a version, in its words; undefined when it accepts it. */
export function versionFault(text: string): string | undefined {
  if (text === "") return "Invalid empty version string: ''";
  const match = STRICT.exec(text);
  if (!match) return `Invalid version string: ${quoted(text)}`;
  const [, major = "", minor = "", patch = "", prerelease, build] = match;
  for (const [name, digits] of Object.entries({ major, minor, patch })) {
    if (/^0\d/.test(digits)) return `Invalid leading zero in ${name}: ${quoted(text)}`;
  }
  const identifiers = prerelease?.split(".") ?? [];
  const leadingZero = identifiers.find((identifier) => /^0\d+$/.test(identifier));
  if (prerelease !== undefined && identifiers.includes("")) return emptyIdentifier(prerelease);
  if (leadingZero !== undefined) return `Invalid leading zero in identifier ${quoted(leadingZero)}`;
  return build === undefined ? undefined : emptyIdentifier(build);
}

function parse(text: string): Version {
  const [, major = "0", minor = "0", patch = "0", prerelease, build = ""] = STRICT.exec(text) ?? [];
  return {
    numbers: [major, minor, patch].map(BigInt),
    prerelease: prerelease?.split(".") ?? [],
    build,
  };
}

function compareNumbers(a: readonly bigint[], b: readonly bigint[]): number {
  for (const index of [0, 1, 2]) {
    const [left = 0n, right = 0n] = [a[index], b[index]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function compareIdentifiers(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber && bIsNumber) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return Number(a > b) - Number(a < b);
}

function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Number(a.length === 0) - Number(b.length === 0);
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

type Ordered = Pick<Version, "numbers" | "prerelease">;

function precedence(a: Ordered, b: Ordered): number {
  return compareNumbers(a.numbers, b.numbers) || comparePrerelease(a.prerelease, b.prerelease);
}

/** Semver precedence, lowest first: build metadata does not count. */
export function compareVersions(a: string, b: string): number {
  return precedence(parse(a), parse(b));
}

function parseBlock(text: string): Block | undefined {
  const match = BLOCK.exec(text);
  if (!match) return undefined;
  const [, operator = "", major, minor, patch, prerelease] = match;
  const parts = [major, minor, patch];
  const open = parts.findIndex((part) => part === undefined || part === "*");
  const numbers = parts.slice(0, open < 0 ? 3 : open).map((part) => BigInt(part ?? 0));
  return { operator, numbers, prerelease: prerelease ? prerelease.split(".") : [] };
}

function startsWith(version: Version, numbers: readonly bigint[]): boolean {
  return numbers.every((number, index) => version.numbers[index] === number);
}

/** `^1.2.3` holds up to the first number that is not zero; `~1.2.3` keeps major and minor. */
function compatible(version: Version, block: Block): boolean {
  const firstNonZero = block.numbers.findIndex((number) => number !== 0n);
  const kept = block.operator === "^" ? (firstNonZero < 0 ? block.numbers.length : firstNonZero + 1) : 2;
  return precedence(version, block) >= 0 && startsWith(version, block.numbers.slice(0, kept));
}

function matches(version: Version, block: Block): boolean {
  const order = precedence(version, block);
  const equal = block.numbers.length < 3 ? startsWith(version, block.numbers) : order === 0;
  const prereleaseOfTarget =
    block.prerelease.length === 0 &&
    version.prerelease.length > 0 &&
    compareNumbers(version.numbers, block.numbers) === 0;
  switch (block.operator) {
    case "":
    case "=":
    case "==":
      return equal;
    case "!=":
      return !equal;
    case "<":
      return order < 0 && !prereleaseOfTarget;
    case "<=":
      return equal || order < 0;
    case ">":
      return order > 0 && !equal;
    case ">=":
      return order >= 0;
    default:
      return compatible(version, block);
  }
}

export type Selection = { readonly release: string | undefined } | { readonly fault: string };

function highest(releases: readonly string[]): string | undefined {
  // Of equal precedence the one with build metadata wins, as Quay 3.6 does.
  return releases
    .toSorted((a, b) => {
      const [left, right] = [parse(a), parse(b)];
      return precedence(left, right) || Number(left.build > right.build) - Number(left.build < right.build);
    })
    .at(-1);
}

/** Which of the releases a version query (`1.0.0`, `>=1.0.0`, `default`) stands for. */
export function selectRelease(releases: readonly string[], query: string): Selection {
  if (query === "default") return { release: highest(releases) };
  const blocks: Block[] = [];
  for (const text of query.split(",")) {
    const block = parseBlock(text);
    if (!block) return { fault: `Invalid simple block ${quoted(text)}` };
    blocks.push(block);
  }
  const fitting = releases.filter((release) => blocks.every((block) => matches(parse(release), block)));
  return { release: highest(fitting) };
}
