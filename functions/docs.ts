import { endpoint, etagOf, isKnown, Page } from "../lib/api/index.ts";
import { VERSION } from "../lib/app.ts";

/** GET /openapi.json and /docs: what the API is, for programs and for people. */
export const handler = endpoint("read", async (request) => {
  const { documentFile, pageFile } = await import("../lib/openapi/index.ts");
  const { text, headers } = (request.event.rawPath === "/docs" ? pageFile : documentFile)(VERSION);
  const etag = etagOf(text);
  if (isKnown(request, etag)) return new Page(304, "", { etag });
  return new Page(200, text, { ...headers, etag });
});
