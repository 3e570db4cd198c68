import { compileReplacement, ReplacementError } from "../../../lib/config/replacement.ts";

/** What a rule makes of a text. */
export function replaced(
  rule: { old: string; new: string; regexp?: boolean },
  text: string,
  work = { left: Number.POSITIVE_INFINITY },
): string {
  const replace = compileReplacement({ regexp: true, ...rule });
  let result = "";
  let from = 0;
  for (const { start, end, text: inserted } of replace(text, work)) {
    result += text.slice(from, start) + inserted;
    from = end;
  }
  return result + text.slice(from);
}

/** The key and the problem of a rule that cannot be used; undefined for one that can. */
export function refusal(old: string, replacement = ""): string | undefined {
  try {
    compileReplacement({ old, new: replacement, regexp: true });
    return undefined;
  } catch (error) {
    if (error instanceof ReplacementError) return `${error.key}: ${error.message}`;
    throw error;
  }
}
