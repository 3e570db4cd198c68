import { usageOf } from "./arguments.ts";
import { type Command, GLOBAL_OPTIONS, type Options } from "./command.ts";

const EXITS = `Exit status:
  0    done
  1    refused: the package is not valid, or what was named is not there
  2    wrong usage, or a file that cannot be read
  3    no token, or one that may not do it
  4    the server or the network failed
  130  interrupted
`;

const ENVIRONMENT = `Environment:
  OMPS_SERVER, OMPS_ORG   what --server and --org are where they are not given
  OMPS_TOKEN              the token of Quay's application registry, as in "basic …"; before a stored login
  XDG_CONFIG_HOME         where omps/credentials.json is (~/.config)
`;

/** The help text of all. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  const rows = commands.map((each) => `  ${usageOf(each).padEnd(width)}  ${each.summary}\n`);
  return `Usage: omps <command> [options]

Pushes operator manifests to an OMPS server, which verifies and publishes them in Quay.

Commands:
${rows.join("")}
'omps <command> --help' tells more of each.

Options of all commands:
${table(GLOBAL_OPTIONS)}  --version        the version of this command

${ENVIRONMENT}
${EXITS}`;
}

/** The help text of one command. */
export function helpOf(command: Command): string {
  const own = Object.keys(command.options).length === 0 ? "" : `Options:\n${table(command.options)}\n`;
  return `Usage: omps ${usageOf(command)} [options]

${command.help.trim()}

${own}Options of all commands:
${table(GLOBAL_OPTIONS)}
${EXITS}`;
}

function table(options: Options): string {
  const rows = Object.entries(options).map(([name, { short, value, help }]): [string, string] => [
    `--${name}${value ? ` ${value}` : ""}${short ? `, -${short}` : ""}`,
    help,
  ]);
  const width = Math.max(15, ...rows.map(([option]) => option.length));
  return rows.map(([option, help]) => `  ${option.padEnd(width)}  ${help}\n`).join("");
}
