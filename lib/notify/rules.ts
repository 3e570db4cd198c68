import { createHash } from "node:crypto";
import type { Config } from "../config/index.ts";

/** One entry of `notifications.rules`. */
export type NotificationRule = Config["notifications"]["rules"][number];

/** What rules are held against. */
export interface Candidate {
  /** The name of Koji's package. */
  readonly name: string;
  readonly nvr: string;
  /** The tags that the build was given; undefined where it was completed. */
  readonly tags?: readonly string[] | undefined;
}

/** Hexadecimal digits of a rule's name: enough that two rules of a configuration do not share one. */
const DIGITS = 12;

/**
 * The rules that a build falls under: all conditions of a rule must hold. `package`, `nvr` and `tag` are names in which
 * `*` stands for any characters. A rule with `tag` is for builds that are given that tag, one without for builds
 * that are completed; so one build is no case for both at once.
 */
export function matchingRules(
  rules: readonly NotificationRule[],
  { name, nvr, tags }: Candidate,
): readonly NotificationRule[] {
  return rules.filter(
    (rule) =>
      matches(rule.package, name) &&
      matches(rule.nvr, nvr) &&
      (rule.tag === undefined) === (tags === undefined) &&
      (tags === undefined || tags.some((tag) => matches(rule.tag, tag))),
  );
}

/** A short name of a rule that depends on what it says only, and not on its place in the configuration. */
export function nameOfRule({ package: name, tag, nvr, organization, version }: NotificationRule): string {
  const said = JSON.stringify([name, tag, nvr, organization, version].map((each) => each ?? null));
  return createHash("sha256").update(said).digest("hex").slice(0, DIGITS);
}

/** Takes linear time, unlike a regular expression with many stars. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
