import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { CFN_LINT, pythonTools } from "./python-tools.ts";

/** Judges the templates that `npm run synth` left: by CloudFormation's schemas. Warnings are let through. */
const templates = globSync("cdk.out/*.template.json");
if (templates.length === 0) {
  process.stderr.write("There is no template in cdk.out. Run 'npm run synth' first.\n");
  process.exitCode = 2;
} else {
  const command = join(await pythonTools(CFN_LINT), "cfn-lint");
  const options = ["--non-zero-exit-code", "error"];
  process.exitCode = spawnSync(command, [...options, ...templates], { stdio: "inherit" }).status ?? 1;
}
