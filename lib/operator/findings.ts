import { type Field, UnusableField } from "./field.ts";

/** Characters of all findings together: the answer has to go back to the caller. */
export const MAX_FINDINGS_LENGTH = 1_000_000;

/**
 * Comparisons of names in one package, about a tenth of a second of work. The largest package of
 * community-operators, 12 MB, takes 17,164.
 */
export const MAX_COMPARISONS = 1_000_000;

/** What a rule says about a place in a package. */
export interface Finding {
  readonly level: "error" | "warning";
  /** operator-courier's text. */
  readonly message: string;
  readonly file: string;
  /** The field that the rule looked at, or in which it misses something: `spec.install`, "" for the document. */
  readonly field: string;
}

/** What the rules found in a package, in the order of the rules. */
export class Findings {
  readonly all: Finding[] = [];
  #length = 0;
  #comparisons = 0;

  get errors(): string[] {
    return this.#messages("error");
  }

  get warnings(): string[] {
    return this.#messages("warning");
  }

  /** @throws UnusableField beyond the limit. */
  error(at: Field, message: string): void {
    this.#add("error", at, message);
  }

  /** @throws UnusableField beyond the limit. */
  warn(at: Field, message: string): void {
    this.#add("warning", at, message);
  }

  /** @throws UnusableField beyond the limit. */
  compares(times: number): void {
    this.#comparisons += times;
    if (this.#comparisons > MAX_COMPARISONS) {
      throw new UnusableField("The package repeats too many names to compare them all. Split it up.");
    }
  }

  #messages(level: Finding["level"]): string[] {
    return this.all.filter((finding) => finding.level === level).map(({ message }) => message);
  }

  #add(level: Finding["level"], { file, path }: Field, message: string): void {
    this.#count(message);
    this.all.push({ level, message, file, field: path });
  }

  #count(message: string): void {
    this.#length += message.length;
    if (this.#length > MAX_FINDINGS_LENGTH) {
      throw new UnusableField("The package has more findings than can be shown. Correct those first.");
    }
  }
}
