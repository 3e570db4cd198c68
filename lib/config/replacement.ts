import { Regexp, RegexpError, type Substitution, type Work } from "./regexp/index.ts";

/** A rule of `replace_registry` as it is written. */
export interface ReplacementRule {
  readonly old: string;
  readonly new: string;
  readonly regexp: boolean;
}

/**
 * What a rule changes in a text, in the order of the text. Lines end in "\n" for it.
 *
 * @param work what it and the rules and texts after it may take; a pattern takes away from it
 * @throws RangeError where a pattern takes too much work on the text, or more than is left
 */
export type Replacement = (text: string, work: Work) => Iterable<Substitution>;

export class ReplacementError extends Error {
  override readonly name = "ReplacementError";
  /** The key of the rule that is wrong. */
  readonly key: "old" | "new";

  constructor(key: "old" | "new", problem: string) {
    super(problem);
    this.key = key;
  }
}

/**
 * Makes a rule ready for use: Python's `str.replace`, or `re.sub` with MULTILINE.
 *
 * @throws ReplacementError
 */
export function compileReplacement(rule: ReplacementRule): Replacement {
  if (!rule.regexp) return plainReplacement(rule.old, rule.new);
  const regexp = attempt("old", "the pattern", () => new Regexp(rule.old));
  return attempt("new", "the replacement", () => regexp.substitutions(rule.new));
}

function plainReplacement(old: string, text: string): Replacement {
  return function* (content) {
    for (let start = content.indexOf(old); start >= 0; ) {
      const end = start + old.length;
      yield { start, end, text };
      start = content.indexOf(old, end);
    }
  };
}

function attempt<T>(key: "old" | "new", what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    throw new ReplacementError(key, `${what} is not usable: ${error.message}`);
  }
}
