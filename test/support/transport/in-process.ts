import { handlers } from "../../../infra/local/handlers.ts";
import { lambdaContext } from "../../../infra/local/lambda-context.ts";
import { queueHandlers } from "../../../infra/local/queue-handlers.ts";
import { createApp } from "../../../lib/app.ts";
import { parseConfig } from "../../../lib/config/index.ts";
import { createLog, createMetrics } from "../../../lib/telemetry/index.ts";
import {
  type Deployment,
  FINGERPRINT_KEY,
  messagingVariables,
  STACK_NAME,
  type Transport,
} from "./transport.ts";

/** Calls the handlers in this process; waits before retries take no time. */
export function inProcess(deployment: Deployment): Transport {
  const { settings, aws, stagingBucket, lines } = deployment;
  const config = parseConfig(JSON.stringify(settings), "test");
  const write = (line: string) => void lines.push(line);
  const log = createLog(config.log_level, write);
  const metrics = createMetrics(STACK_NAME, write);
  const env = {
    OMPS_STAGING_BUCKET: stagingBucket,
    OMPS_FINGERPRINT_KEY: FINGERPRINT_KEY,
    ...messagingVariables(deployment),
  };
  const app = createApp(env, { config, aws, log, metrics, sleep: async () => {} });
  return {
    invoke: (name, event) => handlers[name](event, { ...lambdaContext(name), app }),
    deliver: (name, event) => queueHandlers[name](event, { ...lambdaContext(name), app }),
    close: async () => {},
  };
}
