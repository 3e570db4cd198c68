import { endpoint, servedFile } from "../lib/api/index.ts";
import { VERSION } from "../lib/app.ts";

/** GET /openapi.json and /docs: what the API is, for programs and for people. */
export const handler = endpoint("read", async (request) => {
  const { documentFile, pageFile } = await import("../lib/openapi/index.ts");
  const file = (request.event.rawPath === "/docs" ? pageFile : documentFile)(VERSION);
  return servedFile(request, file);
});
