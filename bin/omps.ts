#!/usr/bin/env node
import manifest from "../package.json" with { type: "json" };
import { parse, splitCommand } from "./omps/arguments.ts";
import { Call } from "./omps/call.ts";
import { COMMANDS } from "./omps/commands.ts";
import { EXIT, Failure, UsageFailure } from "./omps/failure.ts";
import { helpOf, overview } from "./omps/help.ts";
import { Terminal } from "./omps/terminal.ts";

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { name, rest } = splitCommand(args);
  if (name === undefined) return withoutCommand(rest, terminal);
  const command = COMMANDS.find((each) => each.name === name);
  if (!command)
    throw new UsageFailure(`There is no command ${JSON.stringify(name)}. 'omps --help' lists them.`);
  const given = parse(command, rest);
  if (given.flag("help")) {
    terminal.out(helpOf(command));
    return EXIT.ok;
  }
  const call = new Call(given, terminal, process.env);
  try {
    return await command.run(call);
  } catch (error) {
    if (error instanceof Failure && error.body !== undefined && call.json) terminal.out(`${error.body}\n`);
    throw error;
  }
}

function withoutCommand(args: readonly string[], terminal: Terminal): number {
  if (args.includes("--version")) {
    terminal.out(`${manifest.version}\n`);
    return EXIT.ok;
  }
  if (args.length > 0 && !args.includes("--help") && !args.includes("-h"))
    throw new UsageFailure("Name a command. 'omps --help' lists them.");
  terminal.out(overview(COMMANDS));
  return args.length > 0 ? EXIT.ok : EXIT.usage;
}

/** One line for each failure, and what the server found in a package. */
function tell(error: unknown, terminal: Terminal): number {
  if (!(error instanceof Failure)) {
    terminal.note(`omps: a defect of this command: ${error instanceof Error ? error.stack : String(error)}`);
    return EXIT.failed;
  }
  terminal.note(`omps: ${error.message}`);
  for (const line of error.details) terminal.note(line);
  return error.exit;
}

async function main(): Promise<void> {
  const terminal = new Terminal();
  process.once("SIGINT", () => {
    terminal.note(`omps: Interrupted. ${terminal.doing}`);
    process.exit(EXIT.interrupted);
  });
  // Who reads only the beginning, as head does, is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.ok);
    throw error;
  });
  process.exitCode = await run(process.argv.slice(2), terminal).catch((error: unknown) =>
    tell(error, terminal),
  );
}

await main();
