import { parentPort, workerData } from "node:worker_threads";
import * as z from "zod/mini";
import { handler as deleteReleases } from "../../../functions/delete-releases.ts";
import { handler as pushWorker } from "../../../functions/push-worker.ts";
import { handler as pushZipfile } from "../../../functions/push-zipfile.ts";
import { lambdaContext } from "../../../infra/local/lambda-context.ts";
import type { EndpointContext } from "../../../lib/api/index.ts";
import { type App, createApp } from "../../../lib/app.ts";
import { parseConfig } from "../../../lib/config/index.ts";
import { createLog } from "../../../lib/telemetry/index.ts";
import type { ConsumerContext } from "../../../lib/worker/index.ts";
import { type FunctionCall, TIMEOUTS_MS } from "../function-call.ts";

const settingsSchema = z.object({
  clock: z.instanceof(Float64Array),
  environment: z.record(z.string(), z.string()),
  aws: z.object({
    endpoint: z.string(),
    region: z.string(),
    credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  }),
});

const messageSchema = z.union([
  z.object({
    invoke: z.custom<FunctionCall>(),
    config: z.string(),
  }),
  z.object({ wake: z.literal(true) }),
]);

const { clock, environment, aws } = settingsSchema.parse(workerData);
const apps = new Map<string, App>();
let wake = () => {};

const now = () => clock[0] ?? 0;

/** Where its time is up, it is killed: nothing here need end by itself. */
function appOf(config: string): App {
  const known = apps.get(config);
  if (known) return known;
  const app = createApp(environment, {
    config: parseConfig(config, "test"),
    aws,
    log: createLog("ERROR", () => {}),
    now,
    random: () => 0.5,
    timer: { elapsed: now, after: () => () => {} },
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        wake = resolve;
        parentPort?.postMessage({ sleep: milliseconds });
      }),
  });
  apps.set(config, app);
  return app;
}

function called(call: FunctionCall, context: ConsumerContext & EndpointContext): Promise<unknown> {
  if (call.name === "push-worker") return pushWorker(call.event, context);
  return (call.name === "push-zipfile" ? pushZipfile : deleteReleases)(call.event, context);
}

async function answer(message: unknown): Promise<void> {
  const request = messageSchema.parse(message);
  if ("wake" in request) return wake();
  const { invoke, config } = request;
  const began = now();
  const context = {
    ...lambdaContext(invoke.name),
    app: appOf(config),
    getRemainingTimeInMillis: () => TIMEOUTS_MS[invoke.name] - (now() - began),
  };
  parentPort?.postMessage({ result: await called(invoke, context) });
}

parentPort?.on("message", (message: unknown) => {
  answer(message).catch((error: unknown) => {
    parentPort?.postMessage({ failure: error instanceof Error ? error.stack : String(error) });
  });
});
