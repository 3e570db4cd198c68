import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import * as z from "zod/mini";
import { UsageFailure } from "./failure.ts";
import { parseJson } from "./retry.ts";

const fileSchema = z.object({ servers: z.record(z.string(), z.object({ token: z.string() })) });

type Stored = z.output<typeof fileSchema>;

/** Where logins are stored: a relative XDG_CONFIG_HOME is to be ignored, by its specification. */
export function credentialsFile(env: NodeJS.ProcessEnv): string {
  const named = env["XDG_CONFIG_HOME"] ?? "";
  const folder = isAbsolute(named) ? named : join(env["HOME"] || homedir(), ".config");
  return join(folder, "omps", "credentials.json");
}

/**
 * The token that is stored for a server.
 *
 * @throws UsageFailure where the file is there and cannot be read
 */
export function storedToken(file: string, server: string): string | undefined {
  const { servers } = read(file);
  return Object.hasOwn(servers, server) ? servers[server]?.token : undefined;
}

/**
 * Stores a server's token; without one, what is stored goes. Only the user can read the file, and it is there in full
 * or as before.
 *
 * @throws UsageFailure where it cannot be written
 */
export function storeToken(file: string, server: string, token: string | undefined): void {
  const { [server]: _old, ...others } = read(file).servers;
  const servers = token === undefined ? others : { ...others, [server]: { token } };
  const fresh = `${file}.${randomUUID()}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(fresh, `${JSON.stringify({ servers }, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new UsageFailure(`${file} cannot be written (${codeOf(error)}).`);
  }
}

function read(file: string): Stored {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { servers: {} };
    throw new UsageFailure(`${file} cannot be read (${codeOf(error)}).`);
  }
  const parsed = fileSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UsageFailure(`${file} is no file of logins; remove it, and run 'omps login' again.`);
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
