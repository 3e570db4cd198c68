/** Texts or numbers that are looked for as they are. */
type Literal = string | number | boolean | null;

/** What one value of an event must be. */
export type Matcher =
  | Literal
  | { readonly prefix: string }
  | { readonly "anything-but": Literal | readonly Literal[] | { readonly prefix: string } };

/** Which events a rule is for: the part of EventBridge's patterns that is used. Each field needs one of its matchers. */
export interface EventPattern {
  readonly [field: string]: readonly Matcher[] | EventPattern;
}

/** Whether an event fits. Of a list in the event, one value that fits is enough. */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const found = fieldOf(event, field);
    if (!isMatchers(wanted)) return matches(wanted, found);
    const values: unknown[] = Array.isArray(found) ? found : [found];
    return values.some((value) => value !== undefined && wanted.some((matcher) => fits(matcher, value)));
  });
}

function fits(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher !== "object" || matcher === null) return value === matcher;
  if ("prefix" in matcher) return typeof value === "string" && value.startsWith(matcher.prefix);
  const { "anything-but": refused } = matcher;
  return isLiterals(refused) ? !refused.some((each) => each === value) : !fits(refused, value);
}

function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === field)?.[1];
}

function isMatchers(wanted: readonly Matcher[] | EventPattern): wanted is readonly Matcher[] {
  return Array.isArray(wanted);
}

function isLiterals(refused: Matcher | readonly Literal[]): refused is readonly Literal[] {
  return Array.isArray(refused);
}
