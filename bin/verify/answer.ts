import type { Judgement } from "./judgement.ts";

/** The answer for programs, one line of JSON. */
export interface Answer {
  readonly nested: boolean | null;
  readonly valid: boolean;
  readonly error: { readonly class: string; readonly message: string } | null;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The text of bundle.yaml, for a valid flat package. */
  readonly bundle: string | null;
  readonly pushedFiles: readonly string[] | null;
}

export function answerOf({ verdict, release }: Judgement): Answer {
  const { nested, valid, errors, warnings } = verdict;
  const error = verdict.error && { class: verdict.error.class, message: verdict.error.message };
  return {
    nested,
    valid,
    error,
    errors,
    warnings,
    bundle: verdict.bundle ?? null,
    pushedFiles: release ? [...release.keys()] : null,
  };
}

/** The answer about a package that cannot be read. */
export function refusal(problem: unknown): Answer {
  const message = problem instanceof Error ? problem.message : String(problem);
  const error = { class: "BadRequest", message };
  return { nested: null, valid: false, error, errors: [], warnings: [], bundle: null, pushedFiles: null };
}
