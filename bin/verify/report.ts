import { hintFor } from "../../lib/operator/hints.ts";
import type { Finding } from "../../lib/operator/index.ts";
import type { Judgement } from "./judgement.ts";

/** The judgement for people: the verdict, then each finding with its place and what to do. */
export function reportOf(name: string, { verdict, release }: Judgement): string {
  const { valid, nested, error, findings } = verdict;
  const layout = nested === null ? "" : nested ? ", one directory for each version" : ", flat";
  const lines = [`${name}: ${valid ? "valid" : "NOT VALID"}${layout}`];
  if (release)
    lines.push(`  pushes ${release.size === 1 ? [...release.keys()].join() : `${release.size} files`}`);
  if (error) lines.push(...wrapped(error.reason ?? error.message));
  lines.push(...listFindings(findings));
  return `${lines.join("\n")}\n`;
}

/** The same for a package that cannot be read. */
export function unreadableReport(name: string, problem: unknown): string {
  const message = problem instanceof Error ? problem.message : String(problem);
  return `${[`${name}: CANNOT BE READ`, ...wrapped(message)].join("\n")}\n`;
}

/** Errors, then warnings, each with its place and what to do. */
export function listFindings(findings: readonly Finding[]): string[] {
  return (
    [
      ["error", "Errors"],
      ["warning", "Warnings"],
    ] as const
  ).flatMap(([level, title]) => {
    const of = findings.filter((finding) => finding.level === level);
    return of.length > 0 ? ["", `  ${title} (${of.length})`, ...of.flatMap(findingLines)] : [];
  });
}

/** A finding for people: its place, what it is, and what to do. */
export function findingLines({ file, field, message }: Omit<Finding, "level">): string[] {
  const hint = hintFor(message);
  const place = field === "" ? file : `${file}, ${field}`;
  return [`  - ${place}`, `      ${message}`, ...(hint ? [`      ${hint}`] : [])];
}

export function wrapped(text: string): string[] {
  return text.split("\n").map((line) => `  ${line}`);
}
