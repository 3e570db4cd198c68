import { Page } from "./answer.ts";
import { etagOf, isKnown } from "./etag.ts";
import type { ApiRequest } from "./request.ts";

/** Answers with a text that is the same for everyone; with 304 who has it already. */
export function servedFile(
  request: Pick<ApiRequest, "header">,
  file: { readonly text: string; readonly headers: Readonly<Record<string, string>> },
): Page {
  const etag = etagOf(file.text);
  if (isKnown(request, etag)) return new Page(304, "", { etag });
  return new Page(200, file.text, { ...file.headers, etag });
}
