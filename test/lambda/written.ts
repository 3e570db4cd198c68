import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { interfaceClient } from "../runtime/interface-client.ts";
import { LambdaFunction } from "../runtime/lambda-function.ts";

/** A function that a test brings itself, gone with the test. */
export interface WrittenFunction {
  readonly lambda: LambdaFunction;
  /** What it prints. */
  readonly lines: string[];
}

/** Deploys a module as the function `written`, whose invocations may take so many milliseconds. */
export async function written(module: string, timeoutMs = 30_000): Promise<WrittenFunction> {
  const code = mkdtempSync(join(tmpdir(), "omps-written-"));
  writeFileSync(join(code, "written.mjs"), module);
  return deployed("written", code, timeoutMs);
}

/** Deploys the function of this name in a folder, which goes with the test. */
export async function deployed(name: string, code: string, timeoutMs = 30_000): Promise<WrittenFunction> {
  const lines: string[] = [];
  const lambda = new LambdaFunction({ name, code, client: await interfaceClient(), timeoutMs }, lines);
  onTestFinished(async () => {
    await lambda.close();
    rmSync(code, { recursive: true });
  });
  return { lambda, lines };
}
