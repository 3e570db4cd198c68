import type { Resolved } from "./resolve.ts";

/**
 * Collections inside each other. PyYAML on Python 3.8 ends with a RecursionError between 328 levels
 * (where it writes a bundle) and 489 (where it only reads).
 */
export const MAX_DEPTH = 320;

/** Aliases in one file: honest ones have a handful, and each costs work for whoever reads the bundle. */
export const MAX_ALIASES = 10_000;

/**
 * Keys that merges (`<<`) add in one file: a few merges of merges could else ask for billions. The
 * largest package of community-operators has none.
 */
export const MAX_MERGED_KEYS = 100_000;

/**
 * Values of all files together, with what is behind each alias, since some reader of the bundle will write them
 * out: nine aliases of nine aliases and so on make billions of a few lines. A value takes up to 700 bytes of
 * memory. Community-operators' largest package has 308,651 in 12 MB.
 */
export const MAX_VALUES = 1_000_000;

/** How many more values the files of one package may have. */
export class ValueBudget {
  #left = MAX_VALUES;

  /** Takes so many; false where there are fewer. */
  take(values: number): boolean {
    this.#left -= values;
    return this.#left >= 0;
  }
}

/** What is behind an anchor. */
interface Extent {
  /** Levels of collections, its own included. */
  readonly height: number;
  readonly values: number;
}

/** Counts the values of one file while it is read. */
export class Limits {
  readonly #budget: ValueBudget;
  readonly #fail: (reason: string, start: number) => never;
  /** Of the collections with an anchor that are complete. */
  readonly #extents = new Map<Resolved, Extent>();
  #depth = 0;
  /** The deepest level that the collection around the current node reaches so far. */
  #deepest = 0;
  #values = 0;
  #aliases = 0;
  #mergedKeys = 0;

  constructor(budget: ValueBudget, fail: (reason: string, start: number) => never) {
    this.#budget = budget;
    this.#fail = fail;
  }

  /** Collections around the current node. */
  get depth(): number {
    return this.#depth;
  }

  /** Counts values that stand in the text, or that are behind an alias or a merge. */
  values(count: number, start: number): void {
    this.#values += count;
    if (this.#budget.take(count)) return;
    this.#fail(
      `the files have more than ${MAX_VALUES} values together, counted behind each alias too, leave some out`,
      start,
    );
  }

  /** What is behind an alias counts as if it stood there. */
  alias(target: Resolved | undefined, start: number): void {
    this.#aliases += 1;
    if (this.#aliases > MAX_ALIASES) this.#fail(`more than ${MAX_ALIASES} aliases in one file`, start);
    if (target === undefined) return;
    const { height, values } = this.#extents.get(target) ?? { height: 0, values: 1 };
    this.#reach(this.#depth + height, start);
    this.values(values, start);
  }

  mergedKeys(count: number, start: number): void {
    if (count === 0) return;
    this.#mergedKeys += count;
    if (this.#mergedKeys > MAX_MERGED_KEYS) this.#fail(`merges add more than ${MAX_MERGED_KEYS} keys`, start);
    this.values(count, start);
  }

  /** Reads the entries of a collection, one level deeper. */
  inside(collection: Resolved, anchored: boolean, start: number, read: () => void): void {
    const outside = this.#deepest;
    const before = this.#values;
    this.#depth += 1;
    this.#deepest = 0;
    this.#reach(this.#depth, start);
    read();
    this.#depth -= 1;
    if (anchored) {
      const values = this.#values - before + 1;
      this.#extents.set(collection, { height: this.#deepest - this.#depth, values });
    }
    this.#deepest = Math.max(outside, this.#deepest);
  }

  #reach(depth: number, start: number): void {
    if (depth > MAX_DEPTH) this.#fail(`collections are nested more than ${MAX_DEPTH} deep`, start);
    this.#deepest = Math.max(this.#deepest, depth);
  }
}
