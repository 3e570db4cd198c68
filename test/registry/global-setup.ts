import type { TestProject } from "vitest/node";
import { dockerRegistryProgram } from "../tools/docker-registry.ts";
import { otherNodes } from "../tools/nodes.ts";
import { opmProgram } from "../tools/opm.ts";
import { skopeoFiles } from "../tools/skopeo.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The tools that this machine has. */
    tools: readonly Tool[];
  }
}

type Tool = keyof typeof TOOLS;

const TOOLS = {
  "docker-registry": dockerRegistryProgram,
  skopeo: skopeoFiles,
  opm: opmProgram,
  nodes: otherNodes,
};

/**
 * Gets the tools before the first test, which takes minutes on a fresh machine. Where one cannot be had, the tests that
 * need it are skipped, but for CI, where that is a failure.
 */
export async function setup(project: TestProject): Promise<void> {
  const tools: Tool[] = [];
  for (const tool of ["docker-registry", "skopeo", "opm", "nodes"] as const) {
    try {
      await TOOLS[tool]();
      tools.push(tool);
    } catch (cause) {
      if (process.env["CI"]) throw new Error(`The tests need ${tool}.`, { cause });
      const reason = cause instanceof Error ? cause.message : String(cause);
      process.stderr.write(`Tests that need ${tool} are skipped: ${reason}\n`);
    }
  }
  project.provide("tools", tools);
}
