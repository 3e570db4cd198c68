import { endpoint, servedFile } from "../lib/api/index.ts";
import { VERSION } from "../lib/app.ts";

/** GET /: a page to look at a package, and to push it. */
export const handler = endpoint("read", async (request) => {
  const { packagePage } = await import("../lib/page/index.ts");
  return servedFile(request, await packagePage(VERSION));
});
