import { parseArgs } from "node:util";
import { type Command, GLOBAL_OPTIONS } from "./command.ts";
import { UsageFailure } from "./failure.ts";

/** What was written on the command line, after the command's name. */
export class Given {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** A positional that has to be there. `parse` has seen to that. */
  positional(index: number): string {
    return this.positionals[index] ?? "";
  }
}

/** Takes the command's name out of the arguments; it may come after options. */
export function splitCommand(args: readonly string[]): { name: string | undefined; rest: string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: GLOBAL_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const first = tokens.find((token) => token.kind === "positional");
  if (!first) return { name: undefined, rest: [...args] };
  return { name: first.value, rest: args.toSpliced(first.index, 1) };
}

/** @throws UsageFailure for what the command does not know, or misses. */
export function parse(command: Command, args: readonly string[]): Given {
  const { values, positionals } = parseKnown(command, args);
  const given = new Given(values, positionals);
  if (given.flag("help")) return given;
  const missing = command.arguments.filter(({ optional }) => !optional)[positionals.length];
  if (missing) throw new UsageFailure(`Name the ${missing.name}: omps ${usageOf(command)}`);
  if (positionals.length > command.arguments.length) {
    const extra = positionals.slice(command.arguments.length).join(" ");
    throw new UsageFailure(`Too many arguments: ${JSON.stringify(extra)}. Usage: omps ${usageOf(command)}`);
  }
  return given;
}

/** As in `push <dir or zip> [version]`. */
export function usageOf({ name, arguments: all }: Command): string {
  return [name, ...all.map((each) => (each.optional ? `[${each.name}]` : `<${each.name}>`))].join(" ");
}

function parseKnown({ name, options }: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { ...GLOBAL_OPTIONS, ...options }, allowPositionals: true });
  } catch (error) {
    const [what = ""] = String(error instanceof Error ? error.message : error).split(". ");
    throw new UsageFailure(`${what.replace(/\.$/, "")}. 'omps ${name} --help' lists the options.`);
  }
}
