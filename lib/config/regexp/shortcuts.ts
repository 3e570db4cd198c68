import type { CharacterSet } from "./characters.ts";
import type { Step } from "./program.ts";
import { canBeEmpty, type Node, type Pattern } from "./syntax.ts";

/** What is known of all matches beforehand, so that most of a text need not be looked at step by step. */
export interface Shortcuts {
  /** A text that each match starts with; "" for none. */
  readonly leading: string;
  /** A text that each match holds; "" for none. */
  readonly required: string;
  readonly atLineStart: boolean;
  /** Whether a match can start with the ASCII character; undefined where a match can be empty. */
  readonly first: Uint8Array | undefined;
}

const ASCII_CODES = 128;

export function shortcutsOf({ root }: Pattern, steps: readonly Step[]): Shortcuts {
  const literals = new Literals();
  literals.visit(root);
  literals.end();
  const starts = setsAtStart(steps, false);
  return {
    leading: literals.leading ?? "",
    required: literals.longest,
    atLineStart: setsAtStart(steps, true) === undefined,
    first: canBeEmpty(root) || !starts ? undefined : firstTable(starts),
  };
}

/** The runs of given characters that are in every match. */
class Literals {
  longest = "";
  leading: string | undefined;
  #run = "";

  visit(node: Node): void {
    if (node.type === "characters" && node.literal !== undefined) this.#run += node.literal;
    else if (node.type === "sequence") for (const item of node.items) this.visit(item);
    else if (node.type === "group") this.visit(node.item);
    else if (node.type === "repeat" && node.min > 0) {
      this.end();
      this.visit(node.item);
      this.end();
    } else if (node.type !== "place") this.end();
  }

  end(): void {
    this.leading ??= this.#run;
    if (this.#run.length > this.longest.length) this.longest = this.#run;
    this.#run = "";
  }
}

function firstTable(sets: readonly CharacterSet[]): Uint8Array {
  return Uint8Array.from({ length: ASCII_CODES }, (_, code) => (sets.some((set) => set.has(code)) ? 1 : 0));
}

/**
 * The sets that the first character of a match is looked up in.
 *
 * @param inLine whether to look at matches that start inside a line only; undefined if there are none
 */
function setsAtStart(steps: readonly Step[], inLine: boolean): CharacterSet[] | undefined {
  const sets: CharacterSet[] = [];
  const seen = new Set<number>();
  let reached = false;
  const visit = (index: number): void => {
    const step = steps[index];
    if (!step || seen.has(index)) return;
    seen.add(index);
    if (step.type === "characters") sets.push(step.set);
    reached ||= step.type === "characters" || step.type === "match";
    if (step.type === "fork") {
      visit(step.first);
      visit(step.second);
    } else if (step.type === "jump") visit(step.next);
    else if (step.type === "note") visit(index + 1);
    else if (step.type === "place" && !(inLine && step.place === "line start")) visit(index + 1);
  };
  visit(0);
  return reached ? sets : undefined;
}
