import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { interfaceClient } from "../../runtime/interface-client.ts";
import { LambdaFunction } from "../../runtime/lambda-function.ts";
import {
  type Deployment,
  FINGERPRINT_KEY,
  messagingVariables,
  STACK_NAME,
  type Transport,
} from "./transport.ts";

const resultSchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.optional(z.string()),
});

const batchSchema = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/**
 * Sends events through the Runtime API to the bundled functions in a folder. A function is started when its first
 * event comes.
 */
export async function realRuntime(code: string, deployment: Deployment): Promise<Transport> {
  const client = await interfaceClient();
  const folder = mkdtempSync(join(tmpdir(), "omps-deployment-"));
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify(deployment.settings));
  const environment = environmentOf(deployment, config);
  const functions = new Map<string, LambdaFunction>();
  const called = (name: string): LambdaFunction => functions.get(name) ?? start(name);
  const start = (name: string): LambdaFunction => {
    const started = new LambdaFunction({ name, code, client, environment }, deployment.lines);
    functions.set(name, started);
    return started;
  };
  return {
    invoke: async (name, event) => resultSchema.parse(await called(name).invoke(event)),
    deliver: async (name, event) => batchSchema.parse(await called(name).invoke(event)),
    close: async () => {
      await Promise.all([...functions.values()].map((each) => each.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

function environmentOf(deployment: Deployment, config: string): Record<string, string> {
  const { aws, stagingBucket } = deployment;
  return {
    OMPS_CONFIG: config,
    OMPS_STAGING_BUCKET: stagingBucket,
    ...messagingVariables(deployment),
    OMPS_DEPLOYMENT: STACK_NAME,
    OMPS_FINGERPRINT_KEY: FINGERPRINT_KEY,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
  };
}
