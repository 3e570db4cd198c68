import type { Question } from "./python.ts";

const ATOMS = String.raw`a b c ab . x k s S \d \w \s \S \W \. [ab] [^a] [a-c] [\w.-] [^\s] \b \B ^ $ \n é - / \x61 \A \Z 1 ſ \D [^\n] []a] [a-]`;
const COUNTS = "* + ? {2} {1,2} {0,2} {,2} {2,} *? +? ?? {1,2}? {x} {}";
const OPENINGS = "( (?: ( (?i: (?s: (?-m:";
const START_FLAGS = ["(?i)", "(?s)", "(?a)", "(?is)", "(?m)"];
const TEMPLATE_PARTS = String.raw`\1 \2 \0 \g<0> \g<1> \\ \n \. - $1 é \q \12 \101`;
const CHARACTERS = [
  ...Array.from("abcabxkKsSAB1_.-/ \n\né\r"),
  "ſ",
  "\u212a",
  "\u0130",
  "😀",
  "\u2028",
  "\x1c",
  "٣",
];

/** Patterns, replacements and texts, the same ones for the same seed. */
export function generateQuestions(count: number, seed: number): Question[] {
  const generator = new Generator(seed);
  return Array.from({ length: count }, () => generator.question());
}

class Generator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  question(): Question {
    const flags = this.#chance(0.1) ? this.#pick(START_FLAGS) : "";
    return {
      old: flags + this.#choice(3),
      new: this.#many(4, () => this.#pick(TEMPLATE_PARTS.split(" "))),
      texts: [0, 1, 2].map(() => `a${this.#many(14, () => this.#pick(CHARACTERS))}`),
    };
  }

  #choice(depth: number): string {
    const options = this.#chance(0.65) ? 1 : 1 + this.#below(3);
    return Array.from({ length: options }, () => this.#sequence(depth)).join("|");
  }

  #sequence(depth: number): string {
    return this.#many(5, () => this.#atom(depth) + (this.#chance(0.35) ? this.#pick(COUNTS.split(" ")) : ""));
  }

  #atom(depth: number): string {
    if (depth === 0 || !this.#chance(0.28)) return this.#pick(ATOMS.split(" "));
    return `${this.#pick(OPENINGS.split(" "))}${this.#choice(depth - 1)})`;
  }

  #many(most: number, part: () => string): string {
    return Array.from({ length: this.#below(most) }, part).join("");
  }

  #pick(items: readonly string[]): string {
    return items[this.#below(items.length)] ?? "";
  }

  #chance(share: number): boolean {
    return this.#below(1000) < share * 1000;
  }

  /** Mulberry32. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}
