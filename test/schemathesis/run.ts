import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EXAMPLE, EXAMPLE_TOKEN, exampleZip } from "../../infra/local/example.ts";
import { startService } from "../support/started-service.ts";
import { pythonTools, SCHEMATHESIS } from "../tools/python-tools.ts";

const HELP = `Usage: npm run test:schema [-- options]

Starts the service with its stand-ins, and sends it requests that schemathesis makes of its OpenAPI document: valid
ones, and such as break one rule; first with names that are there, then with any. Fails for an answer that is not in the document, for a valid request that is
refused, an invalid one that is taken, and for each failure of the service.

  --examples N   most random requests of an operation (20)
  --seed N       the random numbers; the same ones make the same requests (1)
  --help         this text

Exit status: 0 as documented, 1 not as documented, 2 wrong usage

Needs Python 3.10 and PyPI; schemathesis is installed once, in OMPS_CACHE (~/.cache/omps unless set).
`;

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** Names that are there; with others, nearly every request is refused for them. */
const KNOWN = {
  organization: EXAMPLE.organization,
  repository: EXAMPLE.repository,
  nvr: EXAMPLE.nvr,
};

interface Wanted {
  readonly examples: string;
  readonly seed: string;
}

async function run(wanted: Wanted): Promise<number> {
  const command = join(await pythonTools(SCHEMATHESIS), "st");
  const folder = mkdtempSync(join(tmpdir(), "omps-schema-"));
  const zip = join(folder, "package.zip");
  writeFileSync(zip, await exampleZip("flat"));
  const service = await startService();
  try {
    const known = await judge(command, service.url, { ...wanted, zip, config: configFile(folder, KNOWN) });
    const unknown = await judge(command, service.url, { ...wanted, zip, config: configFile(folder, {}) });
    return known || unknown;
  } finally {
    await service.end();
    rmSync(folder, { recursive: true });
  }
}

/** The configuration, with values for parameters of paths. */
function configFile(folder: string, parameters: Readonly<Record<string, string>>): string {
  const lines = Object.entries(parameters).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  const path = join(folder, "schemathesis.toml");
  const fixed = readFileSync(join(FOLDER, "schemathesis.toml"), "utf8");
  writeFileSync(path, [fixed, "\n[parameters]\n", ...lines].join(""));
  return path;
}

interface Judged extends Wanted {
  readonly zip: string;
  readonly config: string;
}

async function judge(command: string, url: string, judged: Judged): Promise<number> {
  const options = ["--phases", "coverage,fuzzing", "--max-examples", judged.examples, "--seed", judged.seed];
  const files = ["--config-file", judged.config];
  const child = spawn(
    command,
    [...files, "run", `${url}/openapi.json`, ...options, "--continue-on-failure", "--no-color"],
    {
      cwd: dirname(judged.config),
      stdio: "inherit",
      env: {
        ...process.env,
        OMPS_TOKEN: EXAMPLE_TOKEN,
        OMPS_EXAMPLE_ZIP: judged.zip,
        PYTHONPATH: FOLDER,
        PYTHONDONTWRITEBYTECODE: "1",
        SCHEMATHESIS_HOOKS: "hooks",
      },
    },
  );
  await once(child, "close");
  return child.exitCode ?? 1;
}

function usage(): (Wanted & { help: boolean }) | undefined {
  try {
    const { values } = parseArgs({
      options: {
        examples: { type: "string", default: "20" },
        seed: { type: "string", default: "1" },
        help: { type: "boolean", default: false },
      },
    });
    const isNumber = (text: string) => /^[1-9][0-9]{0,6}$/.test(text);
    if (isNumber(values.examples) && isNumber(values.seed)) return values;
    process.stderr.write("--examples and --seed must be numbers from 1 on.\n\n");
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`);
  }
  process.stderr.write(HELP);
  return undefined;
}

const wanted = usage();
if (!wanted) process.exitCode = 2;
else if (wanted.help) process.stdout.write(HELP);
else process.exitCode = await run(wanted);
