import type { BundleJudgement, PlannedImage } from "./bundle-judgement.ts";
import { listFindings, wrapped } from "./report.ts";

/** The answer for programs, one line of JSON. */
export type BundleAnswer = Omit<BundleJudgement, "findings">;

export function bundleAnswerOf({ valid, errors, warnings, images }: BundleJudgement): BundleAnswer {
  return { valid, errors, warnings, images };
}

/** The answer about an archive that cannot be read. */
export function bundleRefusal(problem: unknown): BundleAnswer {
  const message = problem instanceof Error ? problem.message : String(problem);
  return { valid: false, errors: [message], warnings: [], images: [] };
}

/** The judgement for people: the verdict, the images that would be pushed, then each finding with its place. */
export function bundleReportOf(name: string, { valid, errors, findings, images }: BundleJudgement): string {
  const placed = new Set(findings.map(({ file, message }) => `${file}: ${message}`));
  const lines = [
    `${name}: ${valid ? "valid" : "NOT VALID"}`,
    ...images.flatMap(imageLines),
    ...errors.filter((error) => !placed.has(error)).flatMap(wrapped),
    ...listFindings(findings),
  ];
  return `${lines.join("\n")}\n`;
}

function imageLines({
  package: name,
  version,
  channels,
  default_channel,
  digest,
  files,
}: PlannedImage): string[] {
  const byDefault = default_channel === null ? "" : `, by default ${default_channel}`;
  return [
    `  pushes ${name} ${version} with ${files.length} files`,
    `      channels ${channels.join(", ")}${byDefault}`,
    `      ${digest}`,
  ];
}
