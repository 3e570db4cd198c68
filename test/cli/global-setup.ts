import { type ExecFileSyncOptions, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the package is installed. */
    installed: string;
    /** The URL of a running service. */
    server: string;
  }
}

/** Packs the command, installs it where nothing else is, and starts the service. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "omps-cli-"));
  install(folder);
  project.provide("installed", join(folder, "node_modules"));
  const { url, stop } = await startService();
  project.provide("server", url);
  return async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

function install(folder: string): void {
  // What goes wrong is in the error.
  const quiet: ExecFileSyncOptions = { stdio: ["ignore", "ignore", "pipe"] };
  execFileSync("npm", ["pack", "--pack-destination", folder], quiet);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  writeFileSync(join(folder, "package.json"), '{"private": true}');
  execFileSync("npm", ["install", "--offline", "--no-audit", join(folder, tarball)], {
    ...quiet,
    cwd: folder,
  });
}

async function startService(): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, ["infra/local/start.ts"], {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    // What it logs later is read too, or it would stand still.
    child.stdout.on("data", (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      const [, ready] = /^OMPS is ready at (http:\S+), /m.exec(said) ?? [];
      if (ready !== undefined) resolve(ready);
    });
    child.on("close", () => reject(new Error(`npm start ended early: ${said}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await closed;
  };
  return { url, stop };
}
