/**
 * Regular expressions with the meaning of Python's `re` (3.8, MULTILINE) that run in linear time: the search
 * follows all ways through a pattern at once (Thompson, Pike) instead of trying one after the other. What
 * cannot run so, or would mean something else, is refused when the pattern is read.
 */

import { parsePattern } from "./parse.ts";
import { compilePattern, type Step } from "./program.ts";
import { Search, type Work } from "./search.ts";
import { type Shortcuts, shortcutsOf } from "./shortcuts.ts";
import type { Pattern } from "./syntax.ts";
import { expand, parseTemplate } from "./template.ts";

export { MAX_STEPS } from "./program.ts";
export { FREE_WORK, WORK_PER_CHARACTER, type Work } from "./search.ts";
export { RegexpError } from "./syntax.ts";

/** A part of a text, and what comes in its place. */
export interface Substitution {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A pattern, ready to search. */
export class Regexp {
  readonly #pattern: Pattern;
  readonly #steps: readonly Step[];
  readonly #shortcuts: Shortcuts;

  /** @throws RegexpError for a pattern that is wrong or not supported. */
  constructor(pattern: string) {
    this.#pattern = parsePattern(pattern);
    this.#steps = compilePattern(this.#pattern);
    this.#shortcuts = shortcutsOf(this.#pattern, this.#steps);
  }

  /**
   * What `re.sub` does with a replacement template, one substitution after the other, as Python 3.7 and
   * later: an empty match counts where no empty match was just before.
   *
   * @throws RegexpError for a template that is wrong; the function it gives throws RangeError for a text on
   *   which the pattern takes too much work, or more than is left
   */
  substitutions(template: string): (text: string, work: Work) => Iterable<Substitution> {
    const parts = parseTemplate(template, this.#pattern);
    const slots = 2 * (this.#pattern.groups + 1);
    const { steps, shortcuts } = { steps: this.#steps, shortcuts: this.#shortcuts };
    return function* (text, work) {
      if (!text.includes(shortcuts.required)) return;
      const search = new Search(text, steps, shortcuts, slots, work);
      let match = search.find(0, false);
      while (match) {
        const [start = 0, end = 0] = match;
        yield { start, end, text: expand(parts, text, match) };
        match = search.find(end, start === end);
      }
    };
  }
}
