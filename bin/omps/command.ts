import type { Call } from "./call.ts";

/** An option, as `parseArgs` knows it, with what people are told. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** What stands for its value in the help text; options of type string only. */
  readonly value?: string;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

/** An argument that is no option. */
export interface Argument {
  readonly name: string;
  readonly optional?: true;
  /** What a shell offers for it. */
  readonly offers?: "files" | readonly string[];
}

/** One command: help text, arguments and completion all follow from it. */
export interface Command {
  readonly name: string;
  /** For the list of commands. */
  readonly summary: string;
  /** What it does in full. */
  readonly help: string;
  readonly arguments: readonly Argument[];
  readonly options: Options;
  /** Gives the exit status. Throws a Failure. */
  readonly run: (call: Call) => Promise<number>;
}

/** Options that each command has. */
export const GLOBAL_OPTIONS = {
  server: { type: "string", value: "URL", help: "the OMPS server (OMPS_SERVER)" },
  org: { type: "string", value: "NAME", help: "the organization in Quay (OMPS_ORG)" },
  json: { type: "boolean", help: "print the server's JSON as it came" },
  retries: { type: "string", value: "N", help: "tries after the first one that failed in passing (5)" },
  verbose: { type: "boolean", short: "v", help: "tell each request on stderr" },
  help: { type: "boolean", short: "h", help: "this text" },
} as const satisfies Options;
