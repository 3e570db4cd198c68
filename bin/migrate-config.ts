#!/usr/bin/env node
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readClasses } from "./migrate-config/python-classes.ts";
import { type Migration, migrate } from "./migrate-config/settings.ts";

const HELP = `Usage: npm run migrate-config -- [--section NAME] [--out FILE] [--secrets DIR] [--json] config.py

Turns the configuration of OMPS 11.2, a Python file, into a configuration file of this version. The Python file is
read, not executed: what is no literal is told with its line, and is to be set by hand.

  --section NAME  the class to take, that OMPS_CONF_SECTION named (ProdConfig)
  --out FILE      writes the configuration there, where no file may be yet; without it, it is printed
  --secrets DIR   writes <organization>.json with the oauth_token there, readable by you alone
  --show-tokens   prints the tokens in the place of a placeholder
  --json          tells {config, secrets: [{organization, name}], problems, gone}
  --help          this text

Exit status: 0 all is migrated, 1 something is left to do by hand, 2 wrong usage, or a file cannot be read or written
`;

function readArguments() {
  const flag = { type: "boolean", default: false } as const;
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    options: {
      section: { type: "string", default: "ProdConfig" },
      out: text,
      secrets: text,
      "show-tokens": flag,
      json: flag,
      help: flag,
    },
    allowPositionals: true,
  });
  const [file = ""] = positionals;
  if (!values.help && positionals.length !== 1) throw new TypeError("name one Python file");
  return { ...values, file };
}

type Asked = ReturnType<typeof readArguments>;

function migrated({ file, section }: Asked): Migration {
  const { classes, notes } = readClasses(readFileSync(file, "utf8"));
  const attributes = classes.get(section);
  if (!attributes)
    throw new TypeError(
      `${file} has no class ${section}; --section takes one of: ${[...classes.keys()].join(", ")}`,
    );
  const migration = migrate(attributes);
  return { ...migration, problems: [...notes, ...migration.problems] };
}

/** The lines that bring the tokens to Secrets Manager; writes the files where a directory is given. */
function secretLines({ tokens }: Migration, asked: Asked): readonly string[] {
  const { secrets: folder } = asked;
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return [...tokens].flatMap(([organization, token]) => {
    const file = folder === undefined ? `${organization}.json` : join(folder, `${organization}.json`);
    const create = `aws secretsmanager create-secret --name omps/${organization} --secret-string ${quoted(`file://${file}`)}`;
    if (folder !== undefined && token !== undefined) {
      writeFileSync(file, `${JSON.stringify({ oauth_token: token })}\n`, { mode: 0o600, flag: "wx" });
      return [create];
    }
    const known = asked["show-tokens"] && token !== undefined;
    const text = JSON.stringify({ oauth_token: known ? token : `<oauth_token of ${organization}>` });
    const hint = known
      ? []
      : [`# put the token in the place of <…>, or have the file written by --secrets DIR`];
    return [...hint, `(umask 077; printf '%s\\n' ${quoted(text)} > ${quoted(file)})`, create];
  });
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function report(migration: Migration, lines: readonly string[]): string {
  const section = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [title, ...items.map((item) => `  ${item}`)];
  return [
    ...section("Gone:", migration.gone),
    ...section("By hand:", migration.problems),
    ...section("Secrets:", lines),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function run(): number {
  const asked = readArguments();
  if (asked.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const migration = migrated(asked);
  const { config, tokens, problems, gone } = migration;
  const content = `${JSON.stringify(config, undefined, 2)}\n`;
  if (asked.out !== undefined) writeFileSync(asked.out, content, { flag: "wx" });
  const lines = secretLines(migration, asked);
  if (asked.json) {
    const secrets = [...tokens.keys()].map((organization) => ({
      organization,
      name: `omps/${organization}`,
    }));
    process.stdout.write(`${JSON.stringify({ config, secrets, problems, gone })}\n`);
  } else {
    process.stdout.write(asked.out === undefined ? content : `${asked.out}: written\n`);
    process.stderr.write(report(migration, lines));
  }
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee --help.\n`);
  process.exitCode = 2;
}
