import { RegexpError } from "./syntax.ts";

/** The characters of a pattern or template, one after the other. */
export class PatternReader {
  readonly #characters: readonly string[];
  #position = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  get done(): boolean {
    return this.#position >= this.#characters.length;
  }

  /** "" at the end. */
  peek(offset = 0): string {
    return this.#characters[this.#position + offset] ?? "";
  }

  /** "" at the end. */
  next(): string {
    const character = this.peek();
    this.#position += 1;
    return character;
  }

  /** Takes the text if it comes next. */
  took(text: string): boolean {
    const { length } = text;
    if (this.#characters.slice(this.#position, this.#position + length).join("") !== text) return false;
    this.#position += length;
    return true;
  }

  /** Takes as many characters as the expression matches one by one, at most `most`. */
  takeWhile(expression: RegExp, most = Number.POSITIVE_INFINITY): string {
    let taken = "";
    while (!this.done && taken.length < most && expression.test(this.peek())) taken += this.next();
    return taken;
  }

  /** Takes the text up to the terminator, and the terminator too. */
  takeUntil(terminator: string, what: string): string {
    let taken = "";
    while (!this.done) {
      const character = this.next();
      if (character === terminator) return taken;
      taken += character;
    }
    return this.fail(`${what} is not closed, write ${JSON.stringify(terminator)} behind it`);
  }

  mark(): number {
    return this.#position;
  }

  back(mark: number): void {
    this.#position = mark;
  }

  fail(problem: string): never {
    throw new RegexpError(problem);
  }
}
