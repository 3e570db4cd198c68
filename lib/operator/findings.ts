import { UnusableField } from "./field.ts";

/** Characters of all findings together: the answer has to go back to the caller. */
export const MAX_FINDINGS_LENGTH = 1_000_000;

/**
 * Comparisons of names in one package, about a tenth of a second of work. The largest package of
 * community-operators, 12 MB, takes 17,164.
 */
export const MAX_COMPARISONS = 1_000_000;

/** What the rules found in a package, in the order of the rules. */
export class Findings {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  #length = 0;
  #comparisons = 0;

  /** @throws UnusableField beyond the limit. */
  error(message: string): void {
    this.#count(message);
    this.errors.push(message);
  }

  /** @throws UnusableField beyond the limit. */
  warn(message: string): void {
    this.#count(message);
    this.warnings.push(message);
  }

  /** @throws UnusableField beyond the limit. */
  compares(times: number): void {
    this.#comparisons += times;
    if (this.#comparisons > MAX_COMPARISONS) {
      throw new UnusableField("The package repeats too many names to compare them all. Split it up.");
    }
  }

  #count(message: string): void {
    this.#length += message.length;
    if (this.#length > MAX_FINDINGS_LENGTH) {
      throw new UnusableField("The package has more findings than can be shown. Correct those first.");
    }
  }
}
