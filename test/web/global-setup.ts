import type { TestProject } from "vitest/node";
import { chromiumFiles } from "../tools/chromium.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether this machine has a browser. */
    chromium: boolean;
  }
}

/** Gets Chromium before the first test. Where it cannot be had, the tests are skipped, but for CI, where that is a failure. */
export async function setup(project: TestProject): Promise<void> {
  try {
    await chromiumFiles();
    project.provide("chromium", true);
  } catch (cause) {
    if (process.env["CI"]) throw new Error("The tests need Chromium.", { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    process.stderr.write(`Tests that need Chromium are skipped: ${reason}\n`);
    project.provide("chromium", false);
  }
}
