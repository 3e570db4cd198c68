import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { ConfigError, loadConfig, readCaBundle } from "../../lib/config/index.ts";
import { TASK_ROOT } from "./places.ts";

const CA_BUNDLE = "ca-bundle.pem";

const fileSchema = z.looseObject({ ca_bundle: z.optional(z.string()) });

/** A configuration that is in order, as it is going to travel with the functions. */
export interface DeployedConfiguration {
  /** What the file says; the defaults are left to the functions. */
  readonly settings: z.output<typeof fileSchema>;
  /** The certificates of the file that `ca_bundle` names. */
  readonly caBundle: readonly string[];
}

/**
 * Reads and checks a configuration file, and the certificates that it names.
 *
 * @param path without one the configuration is `{}`
 * @throws ConfigError with all problems at once
 */
export function readConfiguration(path: string | undefined): DeployedConfiguration {
  if (!path) return { settings: {}, caBundle: [] };
  const settings = readSettings(path);
  const { ca_bundle: pem } = settings;
  const problems: string[] = [];
  collecting(problems, () => loadConfig({ OMPS_CONFIG: path }));
  const caBundle = pem ? collecting(problems, () => readCaBundle(pem)) : [];
  if (!caBundle || problems.length > 0) throw new ConfigError(path, problems);
  return { settings, caBundle };
}

/** Writes the configuration, and its certificates beside it, for functions whose code is in `folder`. */
export function writeConfiguration({ settings, caBundle }: DeployedConfiguration, folder: string): void {
  const certified = caBundle.length > 0;
  const deployed = certified ? { ...settings, ca_bundle: `${TASK_ROOT}/${CA_BUNDLE}` } : settings;
  writeFileSync(join(folder, "config.json"), `${JSON.stringify(deployed, undefined, 2)}\n`);
  if (certified) writeFileSync(join(folder, CA_BUNDLE), `${caBundle.join("\n")}\n`);
}

/** Adds the problems to a list; gives undefined where there are some. */
function collecting<T>(problems: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** Empty for a file that `loadConfig` has something to say about. */
function readSettings(path: string): DeployedConfiguration["settings"] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}
