import { type FileMap, unpack } from "../../lib/archive/index.ts";
import { ANSWERS, type AnswerOf } from "../../lib/openapi/answers.ts";
import { judgeFiles, MAX_UNPACKED_BYTES } from "../verify/judgement.ts";
import { findingLines } from "../verify/report.ts";
import { ask } from "./api.ts";
import type { Call } from "./call.ts";
import { EXIT, Failure, plain, UsageFailure } from "./failure.ts";
import { packageArchive } from "./package-archive.ts";
import { size } from "./progress.ts";
import { sendArchive } from "./send-archive.ts";

type Validation = AnswerOf<"Validation">;

/** A finding, and where it is as far as that is known. */
type Placed = Parameters<typeof findingLines>[0] & { readonly level: "error" | "warning" };

/** `omps validate`: what a push would do. */
export async function validate(call: Call): Promise<number> {
  const { given, terminal } = call;
  const nvr = given.text("koji");
  const path = `/v2/${encodeURIComponent(call.organization())}/validate`;
  if ((nvr === undefined) === (given.positionals.length === 0))
    throw new UsageFailure("Name a directory or a zip, or a build with --koji.");
  const archive = nvr === undefined ? packageArchive(given.positional(0)) : undefined;
  terminal.doing = "Nothing was pushed.";
  const answer = archive
    ? await sendArchive(call, archive, { path, token: "optional", headers: () => ({}) })
    : await ask(call, {
        method: "POST",
        path: `${path}/koji/${encodeURIComponent(nvr ?? "")}`,
        token: "needed",
      });
  const validation = ANSWERS.Validation.safeParse(answer.body).data;
  if (!validation)
    throw new Failure(EXIT.failed, "The server answered with something that is no validation.");
  if (call.json) terminal.out(`${answer.text}\n`);
  else {
    const found = archive ? await placed(validation, archive.zip) : findingsOf(validation);
    terminal.out(report(nvr ?? given.positional(0), call.organization(), validation, found));
  }
  return validation.valid ? EXIT.ok : EXIT.refused;
}

/** The verdict for people. */
function report(name: string, organization: string, found: Validation, findings: readonly Placed[]): string {
  const { valid, layout, message } = found;
  const lines = [`${name}: ${valid ? "valid" : "NOT VALID"}${layout === null ? "" : `, ${layout}`}`];
  if (message !== undefined) lines.push(`  ${plain(message)}`);
  lines.push(...described(found), ...pushes(organization, found));
  for (const [level, title] of [
    ["error", "Errors"],
    ["warning", "Warnings"],
  ] as const) {
    const of = findings.filter((finding) => finding.level === level);
    if (of.length > 0) lines.push("", `  ${title} (${of.length})`, ...of.flatMap(findingLines));
  }
  return `${lines.join("\n")}\n`;
}

function described({ package: name, versions, channels, default_channel }: Validation): string[] {
  const lines: string[] = [];
  if (name !== null)
    lines.push(`  package   ${plain(name)}, with ${plain(versions.join(", ")) || "no version"}`);
  const shown = channels.map((channel) => {
    const by = channel.name === default_channel ? " (default)" : "";
    return `${channel.name}${channel.current_csv === null ? "" : `: ${channel.current_csv}`}${by}`;
  });
  return shown.length === 0 ? lines : [...lines, `  channels  ${plain(shown.join("; "))}`];
}

function pushes(organization: string, { would_push, rewrites }: Validation): string[] {
  const changes = rewrites.map(({ setting, files }) => `  rewrites  ${setting}: ${plain(files.join(", "))}`);
  if (!would_push) return changes;
  const { repository, version = "the next version", size: bytes, digest, files, images = [] } = would_push;
  const what = `${organization}/${repository} ${version}: ${size(bytes)}, ${digest}`;
  return [
    `  pushes    ${plain(what)}`,
    `  files     ${plain(files.join(", "))}`,
    ...images.map(({ image }) => `  image     ${plain(image)}`),
    ...changes,
  ];
}

/** The server's findings; where they are it does not tell. */
function findingsOf({ validation_info: info }: Validation): Placed[] {
  const of = (level: Placed["level"], texts: readonly string[]) =>
    texts.map((text): Placed => ({ level, message: plain(text), file: "in the package", field: "" }));
  return "errors" in info ? [...of("error", info.errors), ...of("warning", info.warnings)] : [];
}

/** The server's findings with their places, which the same rules find here in the same files. */
async function placed(validation: Validation, zip: Buffer): Promise<Placed[]> {
  const theirs = findingsOf(validation);
  const ours = await localFindings(zip);
  return theirs.map((finding) => {
    const at = ours.findIndex(
      ({ level, message }) => level === finding.level && plain(message) === finding.message,
    );
    const [found] = at < 0 ? [] : ours.splice(at, 1);
    return found ? { ...finding, file: plain(found.file), field: plain(found.field) } : finding;
  });
}

/** None for what cannot be judged here: the verdict is the server's, and only the places are missing then. */
async function localFindings(zip: Buffer): Promise<Placed[]> {
  try {
    const files: FileMap = await unpack(zip, MAX_UNPACKED_BYTES);
    return [...judgeFiles(files).verdict.findings];
  } catch {
    return [];
  }
}
