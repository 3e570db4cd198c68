import { Answer, endpoint } from "../lib/api/index.ts";
import { checkHealth } from "../lib/health/index.ts";

/** GET …/health/ping: whether Quay, Koji and Greenwave work. */
export const handler = endpoint("read", async ({ app, http, log }) => {
  const report = await checkHealth({ config: app.config, http, log });
  return new Answer(report.status, report);
});
