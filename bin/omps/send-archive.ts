import { type ApiAnswer, type ApiRequest, ask, send } from "./api.ts";
import type { Call } from "./call.ts";
import { EXIT, Failure } from "./failure.ts";
import { formOf, jsonOf } from "./form.ts";
import type { PackageArchive } from "./package-archive.ts";
import { progressOf, size } from "./progress.ts";

/** Longest body that is sent to OMPS itself, in bytes: the default of its `max_content_length`. */
export const DIRECT_BYTES = 2 * 1024 * 1024;

/** What becomes of the archive. */
export type Purpose = Pick<ApiRequest, "path" | "token"> & {
  /** Headers of a request; each request that is another one gets them anew. */
  readonly headers: () => Readonly<Record<string, string>>;
};

/**
 * Sends an archive to OMPS: with the request, or to S3 first where it is too large for that.
 *
 * @throws Failure
 */
export async function sendArchive(
  call: Call,
  archive: PackageArchive,
  { path, token, headers }: Purpose,
): Promise<ApiAnswer> {
  const request = { method: "POST", path, token } as const;
  const body = formOf({}, archive.filename, archive.zip);
  if (body.bytes.length <= DIRECT_BYTES) {
    const answer = await ask(call, { ...request, headers: headers(), body, expects: [413] });
    if (answer.status !== 413) return answer;
    call.terminal.note("omps: the server takes no body of this size; sending it by a form");
  }
  const { doing } = call.terminal;
  call.terminal.doing = "Nothing was pushed.";
  const upload = await sendForm(call, archive);
  call.terminal.doing = doing;
  return ask(call, { ...request, headers: headers(), body: jsonOf({ upload }) });
}

/** Gives the upload's ID. */
async function sendForm(call: Call, { filename, zip }: PackageArchive): Promise<string> {
  const { ANSWERS } = await import("../../lib/openapi/answers.ts");
  const path = `/v2/${encodeURIComponent(call.organization())}/uploads`;
  const place = ANSWERS.Upload.safeParse(
    (await ask(call, { method: "POST", path, token: "needed" })).body,
  ).data;
  if (!place || !URL.canParse(place.url))
    throw new Failure(EXIT.failed, "The server gave no form for an upload. Is it an older OMPS?");
  if (zip.length > place.max_bytes)
    throw new Failure(
      EXIT.refused,
      `${filename} has ${size(zip.length)}; the server takes at most ${size(place.max_bytes)}.`,
    );
  const body = formOf(place.fields, filename, zip);
  const onSent = progressOf(call.terminal, filename, body.bytes.length);
  const { status, text } = await send(call, new URL(place.url), { method: "POST", body, onSent });
  if (status < 300) return place.upload;
  const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? "no reason given";
  throw new Failure(
    status < 500 ? EXIT.refused : EXIT.failed,
    `The upload was not taken: HTTP ${status}, ${code}. Nothing was pushed.`,
  );
}
