import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Secret } from "../lib/telemetry/index.ts";
import type { Binding } from "./amqp-0-9-1.ts";
import type { BrokerAddress, TlsFiles } from "./dial.ts";

/** Messages under way at once, unless told: ten calls of PutEvents. */
const DEFAULT_PREFETCH = 100;

/** The most of them: rhea keeps 2,048 deliveries of a connection in mind. */
const MAX_PREFETCH = 1000;

/** Where fedora-messaging publishes. */
const DEFAULT_EXCHANGE = "amq.topic";

/** What is listened to. */
export type Source =
  | { readonly protocol: "1.0"; readonly addresses: readonly string[] }
  | { readonly protocol: "0-9-1"; readonly queue: string; readonly binding?: Binding };

/** What the bridge is told. */
export interface BridgeSettings {
  readonly broker: BrokerAddress;
  readonly source: Source;
  /** Name or ARN of the bus. */
  readonly bus: string;
  readonly prefetch: number;
}

/** Settings that are not in order; the message names all problems, one a line. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const one = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;

const OPTIONS = {
  url: one,
  protocol: one,
  address: several,
  queue: one,
  exchange: one,
  "routing-key": several,
  bus: one,
  ca: one,
  cert: one,
  key: one,
  prefetch: one,
  help: { type: "boolean", short: "h" },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Given = Partial<Record<Exclude<keyof typeof OPTIONS, "help" | "address" | "routing-key">, string>> & {
  readonly address: readonly string[];
  readonly "routing-key": readonly string[];
};

/**
 * Reads the settings from the command line and, for options that are not there, from the environment: `BRIDGE_URL` is
 * `--url`, `BRIDGE_ROUTING_KEY` is `--routing-key`, and so on; lists are separated by commas there.
 *
 * @returns "help" where that is asked for
 * @throws SettingsError that names all that is not in order, and shows no credentials
 */
export function readSettings(args: readonly string[], env: Environment): BridgeSettings | "help" {
  const given = givenBy(args, env);
  if (given === "help") return "help";
  const problems: string[] = [];
  const settings = {
    broker: brokerOf(given, problems),
    source: sourceOf(given, problems),
    bus: given.bus ?? "",
    prefetch: prefetchOf(given, problems),
  };
  if (settings.bus === "") problems.push("--bus: name the bus, or give its ARN");
  const { broker, source } = settings;
  if (problems.length > 0 || !broker || !source) throw new SettingsError(problems.join("\n"));
  return { ...settings, broker, source };
}

function givenBy(args: readonly string[], env: Environment): Given | "help" {
  const { values } = parsed(args);
  if (values.help) return "help";
  const list = (name: "address" | "routing-key") =>
    values[name] ?? (env[variable(name)] ?? "").split(",").flatMap((each) => each.trim() || []);
  const single = (
    ["url", "protocol", "queue", "exchange", "bus", "ca", "cert", "key", "prefetch"] as const
  ).map((name) => [name, values[name] ?? env[variable(name)]] as const);
  return {
    ...Object.fromEntries(single.filter(([, value]) => value)),
    address: list("address"),
    "routing-key": list("routing-key"),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS });
  } catch (cause) {
    // It may quote an argument, which may be a URL with a password.
    const unknown = args.find((arg) => /^--?[\w-]+$/.test(arg.split("=", 1)[0] ?? "") && !isKnown(arg));
    const what =
      unknown === undefined ? "options only, each with its value" : `no ${unknown.split("=", 1)[0]}`;
    throw new SettingsError(`Wrong usage: there are ${what}`, { cause });
  }
}

function isKnown(arg: string): boolean {
  const name = arg.split("=", 1)[0]?.replace(/^--/, "") ?? "";
  return name === "-h" || Object.hasOwn(OPTIONS, name);
}

function variable(option: string): string {
  return `BRIDGE_${option.toUpperCase().replaceAll("-", "_")}`;
}

function brokerOf(given: Given, problems: string[]): BrokerAddress | undefined {
  const files = filesOf(given, problems);
  const url = URL.parse(given.url ?? "");
  if (!url || !/^amqps?:$/.test(url.protocol) || url.hostname === "") {
    problems.push(
      "--url: expected amqp://host or amqps://host, with user:password@, :port and /vhost where needed",
    );
    return undefined;
  }
  const tls = url.protocol === "amqps:";
  if (!tls && Object.values(files).some((file) => file !== undefined))
    problems.push("--ca, --cert, --key: are of use with amqps:// only");
  const vhost = decoded(url.pathname.slice(1), problems);
  if (given.protocol === "1.0" && vhost !== "") problems.push("--url: AMQP 1.0 has no path in it");
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (tls ? 5671 : 5672) : Number(url.port),
    tls,
    username: url.username === "" ? undefined : decoded(url.username, problems),
    password: url.password === "" ? undefined : new Secret(decoded(url.password, problems)),
    vhost: vhost || "/",
    files,
  };
}

function decoded(part: string, problems: string[]): string {
  try {
    return decodeURIComponent(part);
  } catch {
    problems.push("--url: has a % that no two hexadecimal digits follow");
    return "";
  }
}

function filesOf(given: Given, problems: string[]): TlsFiles {
  const { ca, cert, key } = given;
  for (const [option, file] of Object.entries({ ca, cert, key }))
    if (file !== undefined && !isReadable(file)) problems.push(`--${option}: cannot read ${file}`);
  if ((cert === undefined) !== (key === undefined)) problems.push("--cert, --key: give both or none");
  return { ca, cert, key };
}

function isReadable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

function sourceOf(given: Given, problems: string[]): Source | undefined {
  const { protocol, address: addresses, queue, exchange, "routing-key": keys } = given;
  if (protocol === "1.0") {
    if (addresses.length === 0) problems.push("--address: name at least one with --protocol 1.0");
    if (queue !== undefined || exchange !== undefined || keys.length > 0)
      problems.push("--queue, --exchange, --routing-key: are of --protocol 0-9-1");
    return { protocol, addresses };
  }
  if (protocol !== "0-9-1") {
    problems.push("--protocol: expected 1.0 or 0-9-1");
    return undefined;
  }
  if (queue === undefined) problems.push("--queue: name it with --protocol 0-9-1");
  if (addresses.length > 0) problems.push("--address: is of --protocol 1.0");
  if (exchange !== undefined && keys.length === 0)
    problems.push("--routing-key: name at least one with --exchange");
  const binding = keys.length > 0 && { exchange: exchange ?? DEFAULT_EXCHANGE, keys };
  return { protocol, queue: queue ?? "", ...(binding && { binding }) };
}

function prefetchOf({ prefetch }: Given, problems: string[]): number {
  const number = prefetch === undefined ? DEFAULT_PREFETCH : Number(prefetch);
  if (!Number.isInteger(number) || number < 1 || number > MAX_PREFETCH)
    problems.push(`--prefetch: expected a whole number from 1 to ${MAX_PREFETCH}`);
  return number;
}
