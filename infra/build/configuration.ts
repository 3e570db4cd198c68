import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { ConfigError, loadConfig } from "../../lib/config/index.ts";
import { TASK_ROOT } from "./places.ts";

const CA_BUNDLE = "ca-bundle.pem";

const fileSchema = z.looseObject({ ca_bundle: z.optional(z.string()) });

/** A configuration that is in order, as it is going to travel with the functions. */
export interface DeployedConfiguration {
  /** What the file says; the defaults are left to the functions. */
  readonly settings: z.output<typeof fileSchema>;
  /** Content of the file that `ca_bundle` names. */
  readonly caBundle: Buffer | undefined;
}

/**
 * Reads and checks a configuration file, and the certificates that it names.
 *
 * @param path without one the configuration is `{}`
 * @throws ConfigError with all problems at once
 */
export function readConfiguration(path: string | undefined): DeployedConfiguration {
  if (!path) return { settings: {}, caBundle: undefined };
  const settings = readSettings(path);
  const caBundle = readCertificates(settings.ca_bundle);
  const problems = [...problemsOf(path), ...(typeof caBundle === "string" ? [`ca_bundle: ${caBundle}`] : [])];
  if (typeof caBundle === "string" || problems.length > 0) throw new ConfigError(path, problems);
  return { settings, caBundle };
}

/** Writes the configuration, and its certificates beside it, for functions whose code is in `folder`. */
export function writeConfiguration({ settings, caBundle }: DeployedConfiguration, folder: string): void {
  const deployed = caBundle ? { ...settings, ca_bundle: `${TASK_ROOT}/${CA_BUNDLE}` } : settings;
  writeFileSync(join(folder, "config.json"), `${JSON.stringify(deployed, undefined, 2)}\n`);
  if (caBundle) writeFileSync(join(folder, CA_BUNDLE), caBundle);
}

function problemsOf(path: string): readonly string[] {
  try {
    loadConfig({ OMPS_CONFIG: path });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Empty for a file that `problemsOf` has something to say about. */
function readSettings(path: string): DeployedConfiguration["settings"] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}

/** Gives the content, or what is wrong with it. */
function readCertificates(path: string | undefined): Buffer | string | undefined {
  if (!path) return undefined;
  try {
    const content = readFileSync(path);
    parseCertificate(content);
    return content;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `expected a PEM file with certificates, got ${JSON.stringify(path)}: ${reason}`;
  }
}

/** Gives the first certificate of a PEM file. */
function parseCertificate(content: Buffer): X509Certificate {
  return new X509Certificate(content);
}
