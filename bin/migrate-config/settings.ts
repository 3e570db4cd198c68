import { ConfigError, parseConfig } from "../../lib/config/index.ts";
import type { Attribute } from "./python-classes.ts";
import { MAX_DEPTH, type PythonValue, Unreadable } from "./python-literal.ts";

/** What became of the settings of 11.2. Tokens are in `tokens` alone. */
export interface Migration {
  readonly config: Readonly<Record<string, unknown>>;
  /** Organizations that have a token; undefined where it could not be read. */
  readonly tokens: ReadonlyMap<string, string | undefined>;
  readonly problems: readonly string[];
  readonly gone: readonly string[];
}

const SAME =
  /^(?:DEFAULT_RELEASE_VERSION|KOJIHUB_URL|KOJIROOT_URL|QUAY_URL|REQUEST_TIMEOUT|ZIPFILE_MAX_UNCOMPRESSED_SIZE|MAX_CONTENT_LENGTH|GREENWAVE|LOG_LEVEL)$/;
const ORGANIZATION_KEY = /^(?:public|replace_registry|package_name_suffix|csv_annotations)$/;
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const GONE: Readonly<Record<string, string>> = {
  SECRET_KEY: "there are no sessions",
  LOG_FORMAT: "logs are JSON lines",
  WORKERS: "Lambda's concurrency takes its place",
  WORKERS_NUM: "Lambda's concurrency takes its place",
  WORKER_TIMEOUT: "Lambda's timeout takes its place",
  DEBUG: "it was for Flask",
  TESTING: "it was for Flask",
};

/** Values in one configuration; names let a small file stand for very many. */
export const MAX_VALUES = 100_000;

/** Turns the attributes of a class into our configuration, checked as it is when it is read. */
export function migrate(attributes: ReadonlyMap<string, Attribute>): Migration {
  const problems: string[] = [];
  const gone: string[] = [];
  const config: Record<string, unknown> = {};
  const tokens = new Map<string, string | undefined>();
  const plain = plainValues(problems);
  for (const [name, { value, line }] of attributes) {
    // Flask reads no others.
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) continue;
    const where = `line ${line}: ${name}`;
    const reason = Object.hasOwn(GONE, name) ? GONE[name] : undefined;
    if (reason !== undefined) gone.push(`${name}: ${reason}`);
    else if (name === "ORGANIZATIONS")
      config["organizations"] = organizations(value, where, tokens, problems);
    else if (name === "CA_URL" && typeof value === "string" && /^https?:/.test(value))
      problems.push(`${where}: get the file, and name its path as 'ca_bundle'`);
    else if (SAME.test(name) || name === "CA_URL") {
      const read = plain(value, where);
      if (read !== undefined && read !== null)
        config[name === "CA_URL" ? "ca_bundle" : name.toLowerCase()] = read;
    } else problems.push(`${where}: is not a setting of 11.2, left out`);
  }
  if (config["organizations"] === undefined) delete config["organizations"];
  return { config, tokens, problems: [...problems, ...refusals(config)], gone };
}

function refusals(config: object): readonly string[] {
  try {
    parseConfig(JSON.stringify(config), "configuration");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function organizations(
  value: PythonValue,
  where: string,
  tokens: Map<string, string | undefined>,
  problems: string[],
): unknown {
  const plain = plainValues(problems);
  if (!(value instanceof Map)) {
    if (value !== null) problems.push(`${where}: ${reasonOf(value)}; left out, set it by hand`);
    return undefined;
  }
  const entries: [string, unknown][] = [];
  for (const [name, settings] of value) {
    const at = `${where}.${name}`;
    if (!SAFE_NAME.test(name)) problems.push(`${where}: a name of an organization cannot be used, left out`);
    else if (!(settings instanceof Map))
      problems.push(`${at}: ${reasonOf(settings)}; left out, set it by hand`);
    else {
      const kept: [string, unknown][] = [];
      for (const [key, one] of settings) {
        if (key === "oauth_token") takeToken(name, one, at, tokens, problems);
        else if (!ORGANIZATION_KEY.test(key))
          problems.push(`${at}: a key is not a setting of 11.2, left out`);
        else {
          const read = plain(one, `${at}.${key}`);
          if (read !== undefined && read !== null) kept.push([key, read]);
        }
      }
      entries.push([name, Object.fromEntries(kept)]);
    }
  }
  return Object.fromEntries(entries);
}

function takeToken(
  name: string,
  value: PythonValue,
  at: string,
  tokens: Map<string, string | undefined>,
  problems: string[],
): void {
  if (value === null || value === "") return;
  tokens.set(name, typeof value === "string" ? value : undefined);
  if (typeof value !== "string")
    problems.push(`${at}.oauth_token: ${reasonOf(value)}; write the secret by hand`);
}

function reasonOf(value: PythonValue): string {
  return value instanceof Unreadable
    ? `${value.reason} (line ${value.line}) is not read`
    : "has another type";
}

/** Gives values as JSON has them; what was not read is told and left out. */
function plainValues(problems: string[]) {
  let count = 0;
  return function plain(value: PythonValue, at: string, depth = 0): unknown {
    count += 1;
    if (value instanceof Unreadable) {
      problems.push(`${at}: ${reasonOf(value)}; left out, set it by hand`);
      return undefined;
    }
    if (count > MAX_VALUES || depth > MAX_DEPTH) {
      if (count <= MAX_VALUES + 1) problems.push(`${at}: has too many values, left out`);
      return undefined;
    }
    if (value instanceof Map)
      return Object.fromEntries(
        [...value].flatMap(([key, one]) => {
          const read = plain(one, `${at}.${key}`, depth + 1);
          return read === undefined ? [] : [[key, read]];
        }),
      );
    if (Array.isArray(value))
      return value.flatMap((one, index) => {
        const read = plain(one, `${at}.${index}`, depth + 1);
        return read === undefined ? [] : [read];
      });
    return value;
  };
}
