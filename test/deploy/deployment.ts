import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { bundleFunctions } from "../../infra/build/bundle.ts";
import { readConfiguration, writeConfiguration } from "../../infra/build/configuration.ts";
import type { AwsSettings } from "../../lib/aws/index.ts";
import { ACCOUNT, type Cdklocal, cdklocal } from "./cdklocal.ts";
import { type Ministack, startMinistack } from "./ministack.ts";

const outputsSchema = z.object({ Omps: z.object({ ApiUrl: z.url(), BusName: z.string() }) });
const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), DeletionPolicy: z.optional(z.string()) })),
});

/** OMPS in ministack, deployed as it is deployed to AWS. */
export interface Deployment {
  readonly ministack: Ministack;
  /** How AWS's clients find ministack. */
  readonly aws: AwsSettings;
  readonly cdk: Cdklocal;
  /** The host name of the API. */
  readonly apiHost: string;
  /** The bus for notifications of builds. */
  readonly busName: string;
  /** CloudFormation's types of what is kept when the stack is destroyed. */
  readonly keptTypes: ReadonlySet<string>;
  /** Ends ministack and removes all files. */
  close(): Promise<void>;
}

/**
 * Bundles the functions with a configuration, and deploys the stack to a ministack of its own.
 *
 * @throws Error with what the CDK said
 */
export async function deploy(configuration: object): Promise<Deployment> {
  const ministack = await startMinistack();
  const folder = mkdtempSync(join(tmpdir(), "omps-deploy-"));
  const close = async () => {
    await ministack.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const functions = await bundle(configuration, folder);
    const cdk = cdklocal(ministack.url, folder, functions);
    const outputs = join(folder, "outputs.json");
    await cdk.run("bootstrap");
    await cdk.run("deploy", "--require-approval", "never", "--outputs-file", outputs);
    const { Omps } = outputsSchema.parse(JSON.parse(readFileSync(outputs, "utf8")));
    return {
      ministack,
      aws: awsSettings(ministack),
      cdk,
      apiHost: `${new URL(Omps.ApiUrl).hostname.split(".")[0]}.execute-api.localhost:${ministack.port}`,
      busName: Omps.BusName,
      keptTypes: keptTypes(join(folder, "cdk.out/Omps.template.json")),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How AWS's clients find a ministack. */
export function awsSettings({ url }: Ministack): AwsSettings {
  const { region, ...credentials } = ACCOUNT;
  return { endpoint: url, region, credentials };
}

function keptTypes(template: string): Set<string> {
  const { Resources } = templateSchema.parse(JSON.parse(readFileSync(template, "utf8")));
  const kept = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy === "Retain");
  return new Set(kept.map(({ Type }) => Type));
}

async function bundle(configuration: object, folder: string): Promise<string> {
  const file = join(folder, "omps.json");
  writeFileSync(file, JSON.stringify(configuration));
  const outdir = join(folder, "functions");
  await bundleFunctions({ outdir });
  writeConfiguration(readConfiguration(file), outdir);
  return outdir;
}
