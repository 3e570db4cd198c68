import { isWord } from "./characters.ts";
import type { Step } from "./program.ts";
import type { Shortcuts } from "./shortcuts.ts";
import { Threads } from "./threads.ts";

/** Start and end of the match and of each group, -1 for a group that took no part. */
export type Match = Int32Array;

/**
 * Work on one text: one unit is about 10 ns. A search is linear in the text, but after each match the next
 * one starts anew, and there are patterns (`a.*b|a`) and texts for which all of them together are not.
 */
export const WORK_PER_CHARACTER = 50;
export const FREE_WORK = 1_000_000;

/** Work that several texts and rules may take together. The searches take away from it. */
export interface Work {
  left: number;
}

/** Finds the matches of one pattern in one text, in time that is linear in the text for each. */
export class Search {
  readonly #text: string;
  readonly #steps: readonly Step[];
  readonly #shortcuts: Shortcuts;
  #current: Threads;
  #following: Threads;
  #work: number;
  readonly #shared: Work;

  constructor(text: string, steps: readonly Step[], shortcuts: Shortcuts, slots: number, shared: Work) {
    this.#text = text;
    this.#steps = steps;
    this.#shortcuts = shortcuts;
    this.#current = new Threads(steps.length, slots);
    this.#following = new Threads(steps.length, slots);
    this.#work = FREE_WORK + text.length * WORK_PER_CHARACTER;
    this.#shared = shared;
  }

  /**
   * The first match from a position on, of those the one that a backtracking search would find.
   *
   * @param mustAdvance whether an empty match at the position does not count
   * @throws RangeError when the matches of the text take too much work, or more than is left for all texts
   */
  find(from: number, mustAdvance: boolean): Match | undefined {
    const text = this.#text;
    if (!text.includes(this.#shortcuts.required, from)) return undefined;
    let found: Match | undefined;
    this.#current.clear();
    for (let position = from; ; ) {
      if (this.#current.count === 0) {
        if (found) return found;
        position = this.#nextStart(position);
        if (position < 0) return undefined;
        this.#current.clear();
      }
      if (!found) this.#start(position);
      const code = text.codePointAt(position) ?? -1;
      const next = position + (code > 0xffff ? 2 : 1);
      found = this.#advance(code, next, mustAdvance && position === from) ?? found;
      if (code < 0) return found;
      position = next;
    }
  }

  /** Where the next match can start at the earliest; -1 for nowhere. */
  #nextStart(from: number): number {
    const { leading, atLineStart, first } = this.#shortcuts;
    const text = this.#text;
    if (leading !== "") return text.indexOf(leading, from);
    if (atLineStart) {
      if (from === 0 || text.charCodeAt(from - 1) === 10) return from;
      const lineEnd = text.indexOf("\n", from);
      return lineEnd < 0 ? -1 : lineEnd + 1;
    }
    if (!first) return from > text.length ? -1 : from;
    for (let position = from; position < text.length; position += 1) {
      const code = text.charCodeAt(position);
      if (code >= first.length || first[code] === 1) return position;
    }
    return -1;
  }

  #start(position: number): void {
    const threads = this.#current;
    threads.scratch.fill(-1);
    this.#follow(threads, 0, position);
  }

  /** Moves all threads over one character (-1 at the end). Gives the match of the best thread that is done. */
  #advance(code: number, next: number, refuseEmpty: boolean): Match | undefined {
    const current = this.#current;
    const following = this.#following;
    let found: Match | undefined;
    following.clear();
    for (let index = 0; index < current.count; index += 1) {
      const at = current.step(index);
      const step = this.#steps[at];
      if (step?.type === "match") {
        if (refuseEmpty) continue;
        found = current.notesOf(at).slice();
        // The threads behind it are worse.
        break;
      }
      if (code >= 0 && step?.type === "characters" && step.set.has(code)) {
        following.scratch.set(current.notesOf(at));
        this.#follow(following, at + 1, next);
      }
    }
    this.#spend(current.count + 1);
    this.#current = following;
    this.#following = current;
    return found;
  }

  /** Adds a thread, and those that it forks into before the next character, the best one first. */
  #follow(threads: Threads, at: number, position: number): void {
    const step = this.#steps[at];
    if (!step || !threads.enter(at)) return;
    this.#spend(1);
    if (step.type === "characters" || step.type === "match") threads.add(at);
    else if (step.type === "jump") this.#follow(threads, step.next, position);
    else if (step.type === "fork") {
      this.#follow(threads, step.first, position);
      this.#follow(threads, step.second, position);
    } else if (step.type === "place") {
      if (this.#isAt(step, position)) this.#follow(threads, at + 1, position);
    } else {
      const before = threads.scratch[step.slot] ?? -1;
      threads.scratch[step.slot] = position;
      this.#follow(threads, at + 1, position);
      threads.scratch[step.slot] = before;
    }
  }

  #isAt({ place, ascii }: Extract<Step, { type: "place" }>, position: number): boolean {
    const text = this.#text;
    switch (place) {
      case "text start":
        return position === 0;
      case "text end":
        return position === text.length;
      case "line start":
        return position === 0 || text.charCodeAt(position - 1) === 10;
      case "line end":
        return position === text.length || text.charCodeAt(position) === 10;
      case "last line end":
        return position === text.length || (position === text.length - 1 && text.charCodeAt(position) === 10);
      case "word boundary":
        return text !== "" && wordBefore(text, position, ascii) !== wordAt(text, position, ascii);
      case "inside word or blank":
        return text !== "" && wordBefore(text, position, ascii) === wordAt(text, position, ascii);
    }
  }

  #spend(work: number): void {
    this.#work -= work;
    this.#shared.left -= work;
    if (this.#work < 0 || this.#shared.left < 0)
      throw new RangeError("the matches take too much work to find");
  }
}

function wordAt(text: string, position: number, ascii: boolean): boolean {
  const code = text.codePointAt(position);
  return code !== undefined && isWord(code, ascii);
}

function wordBefore(text: string, position: number, ascii: boolean): boolean {
  if (position === 0) return false;
  const unit = text.charCodeAt(position - 1);
  const isLowSurrogate = unit >= 0xdc00 && unit <= 0xdfff;
  return wordAt(text, position - (isLowSurrogate && position > 1 ? 2 : 1), ascii);
}
