import { ANSWERS, type AnswerOf } from "../../lib/openapi/answers.ts";
import { EXIT, Failure, plain } from "./failure.ts";

/** What was pushed, for people. */
export function pushedLine(body: unknown): string {
  const pushed = ANSWERS.Pushed.safeParse(body).data;
  if (!pushed) throw new Failure(EXIT.failed, "The server answered the push with something unknown.");
  const { organization, repo, version, extracted_files, images }: AnswerOf<"Pushed"> = pushed;
  const files = extracted_files.length === 1 ? "1 file" : `${extracted_files.length} files`;
  const lines = (images ?? []).map(({ image, digest }) => `  ${plain(image)} ${plain(digest)}\n`);
  return `Pushed ${plain(`${organization}/${repo} ${version}`)} (${files})\n${lines.join("")}`;
}
