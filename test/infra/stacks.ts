import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import * as z from "zod/mini";
import { OmpsStack, type OmpsStackProps } from "../../infra/omps-stack.ts";

/** Where the stacks of a test file find their functions, and leave what they make. */
export const folder: string = mkdtempSync(join(tmpdir(), "omps-stack-"));

/** Takes the folder away. */
export function removeFolder(): void {
  rmSync(folder, { recursive: true });
}

/** Makes a folder as `npm run build` leaves it, as far as a stack looks. */
export function built(name: string, config: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, "config.json"), config);
  writeFileSync(join(path, "about.mjs"), "export const handler = () => {};");
  writeFileSync(join(path, "about.mjs.map"), "{}");
  return path;
}

const functionsFolder = built("functions", "{}");

/** An app with the settings of cdk.json. */
export function newApp(): App {
  const settings = z.object({ context: z.record(z.string(), z.unknown()) });
  const { context } = settings.parse(JSON.parse(readFileSync("cdk.json", "utf8")));
  return new App({ context, outdir: mkdtempSync(join(folder, "cdk.out-")) });
}

export function newStack(props: OmpsStackProps = {}, app: App = newApp(), id = "Omps"): OmpsStack {
  return new OmpsStack(app, id, { functionsFolder, ...props });
}

/** An ARN of this account and region, as CloudFormation joins it. */
export function arn(service: string, rest: string): object {
  const [partition, region, account] = ["Partition", "Region", "AccountId"].map((name) => ({
    Ref: `AWS::${name}`,
  }));
  return { "Fn::Join": ["", ["arn:", partition, `:${service}:`, region, ":", account, rest]] };
}
