import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { createApp } from "../../lib/app.ts";
import { ConfigError } from "../../lib/config/index.ts";
import { EXAMPLE, EXAMPLE_CONFIG, exampleZip } from "./example.ts";
import { startGateway } from "./gateway.ts";
import { handlers } from "./handlers.ts";
import { startWorkers } from "./notifications.ts";
import { SecretsError, startSurroundings } from "./surroundings.ts";
import { welcome } from "./welcome.ts";

const HELP = `Usage: npm start

Runs OMPS on this machine: the functions that are deployed to AWS, behind a front with API Gateway's limits,
with stand-ins for Quay, Koji, S3, Secrets Manager, SQS and EventBridge. Everything listens on the loopback only.

Environment:
  PORT                 where OMPS listens (8080; 0: a free one)
  OMPS_CONFIG          a configuration file, instead of the example's
  OMPS_LOCAL_SECRETS   a JSON file {"<organization>": {"oauth_token": "…"}}
  QUAY_URL, KOJIHUB_URL, KOJIROOT_URL, GREENWAVE_URL
                       services to use. A fake of Quay or Koji starts only where neither these nor the
                       configuration name one; Greenwave is asked only where it is configured.
  AWS_ENDPOINT_URL     AWS stand-ins to use instead of the embedded ones; also OMPS_STAGING_BUCKET
`;

const portSchema = z.string().check(
  z.regex(/^\d{1,5}$/),
  z.refine((port) => Number(port) <= 65_535),
);

/** A problem that one line explains. */
class StartError extends Error {}

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const port = portSchema.safeParse(env["PORT"] ?? "8080");
  if (!port.success) {
    throw new StartError(`PORT must be a number from 0 to 65535, not ${JSON.stringify(env["PORT"])}.`);
  }
  const folder = mkdtempSync(join(tmpdir(), "omps-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const config = env["OMPS_CONFIG"] || writeJson(join(folder, "config.json"), EXAMPLE_CONFIG);
  createApp({ ...env, OMPS_CONFIG: config });

  const packages = { flat: await exampleZip("flat"), nested: await exampleZip("nested") };
  const around = await startSurroundings(config, env, packages);
  const app = createApp(
    { ...env, OMPS_CONFIG: config, ...around.env },
    { ...(around.aws && { aws: around.aws.settings }) },
  );
  if (around.aws) startWorkers(around.aws.settings, app);
  const { url } = await startGateway({ port: Number(port.data), context: { app }, handlers }).catch(
    (error: unknown) => {
      throw new StartError(
        `Port ${port.data} cannot be used (${errorCode(error)}). Choose another with PORT.`,
      );
    },
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
  const zip = join(folder, `${EXAMPLE.repository}.zip`);
  writeFileSync(zip, packages.flat);
  const bundle = join(folder, `${EXAMPLE.repository}-bundle.zip`);
  writeFileSync(bundle, await exampleZip("bundle"));
  process.stdout.write(welcome(url, around, app.config.quay_url, { zip, bundle }));
}

function writeJson(path: string, value: object): string {
  writeFileSync(path, JSON.stringify(value));
  return path;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (values.help) {
  process.stdout.write(HELP);
} else {
  await start(process.env).catch((error: unknown) => {
    const known =
      error instanceof StartError || error instanceof ConfigError || error instanceof SecretsError;
    process.stderr.write(
      known ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  });
}
