import { handlers } from "../../../infra/local/handlers.ts";
import { lambdaContext } from "../../../infra/local/lambda-context.ts";
import { createApp } from "../../../lib/app.ts";
import { parseConfig } from "../../../lib/config/index.ts";
import { createLog } from "../../../lib/telemetry/index.ts";
import type { Deployment, Transport } from "./transport.ts";

/** Calls the handlers in this process; waits before retries take no time. */
export function inProcess({ settings, aws, stagingBucket, lines }: Deployment): Transport {
  const config = parseConfig(JSON.stringify(settings), "test");
  const log = createLog(config.log_level, (line) => void lines.push(line));
  const app = createApp({ OMPS_STAGING_BUCKET: stagingBucket }, { config, aws, log, sleep: async () => {} });
  return {
    invoke: (name, event) => handlers[name](event, { ...lambdaContext(name), app }),
    close: async () => {},
  };
}
