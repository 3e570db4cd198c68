#!/usr/bin/env node
import { parseArgs } from "node:util";
import { readConfiguration } from "../infra/build/configuration.ts";
import { type Config, ConfigError, loadConfig, type OrganizationConfig } from "../lib/config/index.ts";

const HELP = `Usage: npm run check-config -- [--json] [FILE]

Checks a configuration file and tells all its problems, one a line.

  FILE     the configuration file (the one that OMPS_CONFIG names)
  --json   tells {"ok": true or false, "problems": […]}
  --help   this text

Exit status: 0 in order, 1 not in order, 2 wrong usage
`;

interface Asked {
  readonly help: boolean;
  readonly json: boolean;
  readonly file: string;
}

/** Throws for what cannot be understood. */
function readArguments(): Asked {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({ options: { help: flag, json: flag }, allowPositionals: true });
  const [file = process.env["OMPS_CONFIG"] ?? "", ...more] = positionals;
  if (more.length > 0) throw new TypeError(`one file at a time, not also ${JSON.stringify(more.join(" "))}`);
  if (file === "" && !values.help) throw new TypeError("name a configuration file, or set OMPS_CONFIG");
  return { ...values, file };
}

function problemsOf(file: string): readonly string[] {
  try {
    readConfiguration(file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function summary(file: string, config: Config): string {
  const { greenwave, notifications } = config;
  const organizations = Object.entries(config.organizations).toSorted(([a], [b]) => a.localeCompare(b));
  return [
    `${file}: ok`,
    `  Quay: ${config.quay_url}`,
    `  Koji: ${config.kojihub_url}, files from ${config.kojiroot_url}`,
    `  Greenwave: ${greenwave ? `${greenwave.url} decides on ${greenwave.product_version} (${greenwave.context})` : "off"}`,
    `  pushed on build notifications: ${counted(notifications.rules.length, "rule")}`,
    ...warnings(config),
    organizations.length === 0 ? "  organizations: none" : "  organizations:",
    ...organizations.map(([name, settings]) => `    ${name}: ${actions(settings).join(", ")}`),
    "",
  ].join("\n");
}

/** What works, and is better not done. */
function warnings({ quay_url, organizations }: Config): string[] {
  const registries = Object.values(organizations).flatMap(({ registry }) => registry ?? []);
  const plain = [...new Set([quay_url, ...registries])].filter((url) => url.startsWith("http:"));
  return plain.map(
    (url) => `  warning: ${url} is asked without TLS, so callers' tokens can be read on the way`,
  );
}

/** What is done for an organization that is not done for one without settings. */
function actions(settings: OrganizationConfig): string[] {
  const {
    replace_registry: replacements,
    csv_annotations: annotations,
    package_name_suffix: suffix,
  } = settings;
  return [
    settings.public ? "public" : "private",
    ...(suffix === undefined ? [] : [`package names end with "${suffix}"`]),
    ...(replacements.length > 0 ? [counted(replacements.length, "registry replacement")] : []),
    ...(annotations.length > 0 ? [counted(annotations.length, "CSV annotation")] : []),
    ...(settings.target === "bundle" ? [`as bundle images to ${settings.registry ?? "Quay"}`] : []),
  ];
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function check({ file, json }: Asked): number {
  const problems = problemsOf(file);
  const ok = problems.length === 0;
  if (json) process.stdout.write(`${JSON.stringify({ ok, problems })}\n`);
  else if (ok) process.stdout.write(summary(file, loadConfig({ OMPS_CONFIG: file })));
  else process.stdout.write(problems.map((problem) => `${problem}\n`).join(""));
  return ok ? 0 : 1;
}

function run(): number {
  let asked: Asked;
  try {
    asked = readArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
  if (!asked.help) return check(asked);
  process.stdout.write(HELP);
  return 0;
}

process.exitCode = run();
