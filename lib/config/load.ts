import { readFileSync } from "node:fs";
import { type Config, configSchema } from "./schema.ts";

/** Everything that is wrong with a configuration; the message is one line. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[]) {
    super(`${source}: ${problems.join("; ")}`);
    this.problems = problems;
  }
}

/** The environment variables that are read; each URL replaces the one of the file. */
export type ConfigEnvironment = Readonly<
  Partial<Record<"OMPS_CONFIG" | "QUAY_URL" | "KOJIHUB_URL" | "KOJIROOT_URL" | "GREENWAVE_URL", string>>
>;

/**
 * Reads the JSON file that `OMPS_CONFIG` names (defaults only, without it) and applies the environment.
 *
 * @throws ConfigError with all problems at once
 */
export function loadConfig(env: ConfigEnvironment): Config {
  const path = env.OMPS_CONFIG;
  if (!path) return parseConfig("{}", "configuration", env);
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(path, [
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  return parseConfig(content, path, env);
}

/** Checks the text of a configuration file; `source` names it in the error. Throws as `loadConfig`. */
export function parseConfig(content: string, source: string, env: ConfigEnvironment = {}): Config {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new ConfigError(source, [`is not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const result = configSchema.safeParse(withEnvironment(json, env), { error: expectation });
  if (result.success) return Object.freeze(result.data);
  throw new ConfigError(
    source,
    result.error.issues.flatMap((issue) => {
      const at = issue.path.map(String).join(".") || "the file";
      if (issue.code !== "unrecognized_keys") return [`${at}: ${issue.message}`];
      return issue.keys.map((key) => `${[...issue.path, key].map(String).join(".")}: is not a setting`);
    }),
  );
}

function withEnvironment(json: unknown, env: ConfigEnvironment): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  return {
    ...json,
    ...(env.QUAY_URL && { quay_url: env.QUAY_URL }),
    ...(env.KOJIHUB_URL && { kojihub_url: env.KOJIHUB_URL }),
    ...(env.KOJIROOT_URL && { kojiroot_url: env.KOJIROOT_URL }),
    ...greenwaveFrom(json, env.GREENWAVE_URL),
  };
}

/** Set but empty: off. Else it replaces the address, where Greenwave is configured. */
function greenwaveFrom(json: object, url: string | undefined): { greenwave?: unknown } {
  if (url === undefined) return {};
  const { greenwave } = { greenwave: undefined, ...json };
  if (url === "") return { greenwave: undefined };
  return typeof greenwave === "object" && greenwave !== null
    ? { greenwave: { ...(greenwave as object), url } }
    : {};
}

/** zod's own texts are left out of the bundle. */
function expectation(issue: {
  code?: string;
  expected?: unknown;
  values?: unknown;
  input?: unknown;
  issues?: readonly { message: string }[];
}): string | undefined {
  const got = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  if (issue.code === "invalid_type") return `expected ${String(issue.expected)}, got ${got}`;
  if (issue.code === "invalid_value") return `expected one of ${JSON.stringify(issue.values)}, got ${got}`;
  if (issue.code === "invalid_key") return issue.issues?.map(({ message }) => message).join("; ");
  return undefined;
}
