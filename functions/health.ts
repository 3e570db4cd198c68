import { Answer, endpoint } from "../lib/api/index.ts";
import { checkHealth } from "../lib/health/index.ts";
import type { AnswerOf } from "../lib/openapi/index.ts";

/** GET …/health/ping: whether Quay, Koji and Greenwave work. */
export const handler = endpoint("read", async ({ app, http, log }) => {
  const report: AnswerOf<"Health"> = await checkHealth({ config: app.config, http, log });
  return new Answer(report.status, report);
});
