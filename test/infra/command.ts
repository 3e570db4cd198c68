import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** How a command of the project ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the project, with these environment variables and no others of ours. */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { PATH = "" } = process.env;
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const options = { cwd: PROJECT, env: { PATH, ...env } };
  const child = execFile("node_modules/.bin/node", [script, ...args], options, (_error, stdout, stderr) => {
    resolve({ status: child.exitCode, stdout, stderr });
  });
  return promise;
}

/** The lines of a text that ends with one. */
export function linesOf(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
