import type { CharacterSet } from "./characters.ts";
import { canBeEmpty, type Node, type Pattern, type Place, RegexpError } from "./syntax.ts";

/** One step of a search. Steps without a `next` go on with the one behind them. */
export type Step =
  | { readonly type: "characters"; readonly set: CharacterSet }
  /** Goes both ways, the first one preferred. */
  | { readonly type: "fork"; first: number; second: number }
  | { readonly type: "jump"; next: number }
  /** Notes the position: twice the number of the group, one more at its end. */
  | { readonly type: "note"; readonly slot: number }
  | { readonly type: "place"; readonly place: Place; readonly ascii: boolean }
  | { readonly type: "match" };

/**
 * Steps of one pattern: the time of a search grows with them. `[a-z0-9-]{1,63}` takes 126, a domain
 * name of eight such labels 1,040.
 */
export const MAX_STEPS = 2000;

/** Compiles a pattern into the steps of a search. Throws RegexpError for one that is too large or unclear. */
export function compilePattern({ root }: Pattern): readonly Step[] {
  const compiler = new Compiler();
  compiler.add({ type: "group", number: 0, item: root });
  compiler.push({ type: "match" });
  return compiler.steps;
}

class Compiler {
  readonly steps: Step[] = [];

  push(step: Step): void {
    this.steps.push(step);
    if (this.steps.length > MAX_STEPS) {
      throw new RegexpError(
        `it is too large when its repetitions are written out (more than ${MAX_STEPS} steps)`,
      );
    }
  }

  add(node: Node): void {
    switch (node.type) {
      case "characters":
        this.push({ type: "characters", set: node.set });
        break;
      case "place":
        this.push(node);
        break;
      case "sequence":
        for (const item of node.items) this.add(item);
        break;
      case "group":
        this.push({ type: "note", slot: 2 * node.number });
        this.add(node.item);
        this.push({ type: "note", slot: 2 * node.number + 1 });
        break;
      case "choice":
        this.#addChoice(node.options);
        break;
      case "repeat":
        this.#addRepeat(node);
    }
  }

  #addChoice(options: readonly Node[]): void {
    const jumps: { next: number }[] = [];
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) this.add(option);
      else {
        const fork = this.#fork();
        fork.first = this.steps.length;
        this.add(option);
        const jump = { type: "jump" as const, next: 0 };
        this.push(jump);
        jumps.push(jump);
        fork.second = this.steps.length;
      }
    }
    for (const jump of jumps) jump.next = this.steps.length;
  }

  #fork(): { first: number; second: number } {
    const fork = { type: "fork" as const, first: 0, second: 0 };
    this.push(fork);
    return fork;
  }

  #addRepeat({ item, min, max, lazy }: Extract<Node, { type: "repeat" }>): void {
    if (max > 1 && canBeEmpty(item)) {
      // After an empty round Python goes on in ways of its own, which steps without memory cannot follow.
      throw new RegexpError(
        "it repeats a part that can match nothing, leave the '*' or '?' inside or outside away",
      );
    }
    for (let round = 0; round < min; round += 1) this.add(item);
    if (max === Number.POSITIVE_INFINITY) this.#addLoop(item, lazy);
    else this.#addOptional(item, max - min, lazy);
  }

  #addLoop(item: Node, lazy: boolean): void {
    const start = this.steps.length;
    const fork = this.#fork();
    const inside = this.steps.length;
    this.add(item);
    this.push({ type: "jump", next: start });
    direct(fork, inside, this.steps.length, lazy);
  }

  #addOptional(item: Node, rounds: number, lazy: boolean): void {
    const forks: { fork: { first: number; second: number }; inside: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const fork = this.#fork();
      forks.push({ fork, inside: this.steps.length });
      this.add(item);
    }
    for (const { fork, inside } of forks) direct(fork, inside, this.steps.length, lazy);
  }
}

function direct(
  fork: { first: number; second: number },
  inside: number,
  outside: number,
  lazy: boolean,
): void {
  fork.first = lazy ? outside : inside;
  fork.second = lazy ? inside : outside;
}
