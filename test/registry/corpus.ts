import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PUBLISHER } from "./accounts.ts";
import { publisherTo } from "./corpus/bundles.ts";
import { checkPackage, OUTCOMES, type PackageResult, type Peers } from "./corpus/check.ts";
import { startDockerRegistry } from "./docker-registry.ts";
import { opmFor } from "./opm.ts";
import { skopeoFor } from "./skopeo.ts";

const HELP = `Usage: npm run test:bundles -- --packages <dir or list> [--json]

Publishes the operator bundles of many packages to a real registry, and compares what skopeo and opm see there with the
packages' own files: names, versions, channels, kinds, and whether opm takes a catalog of them.

Options:
  --packages  a directory with packages, each a directory or a zip; or a file with the path of one a line
  --json      one line of JSON for each package: path, outcome (good, refused, unread, bad), images, reasons
  --help      this text

A package that breaks a rule for bundles is refused, and nothing of it is published. One is unread where the YAML library
of this command, which is stricter than others, cannot read what would be right.

Exit status: 0 no package is bad, 1 one is, 2 wrong usage
`;

/** Packages that are checked at the same time: a registry, opm and skopeo have processes of their own. */
const AT_ONCE = 3;

function pathsOf(packages: string): readonly string[] {
  if (statSync(packages).isDirectory())
    return readdirSync(packages)
      .sort()
      .map((name) => join(packages, name));
  return readFileSync(packages, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

async function checkAll(paths: readonly string[], tell: (result: PackageResult) => void): Promise<void> {
  const registry = await startDockerRegistry({ auth: "token", tls: true });
  const [skopeo, opm] = await Promise.all([skopeoFor(registry, PUBLISHER), opmFor(registry, PUBLISHER)]);
  const publisher = publisherTo(registry, PUBLISHER);
  const peers: Peers = { publisher, skopeo, opm };
  const waiting = [...paths.entries()];
  const work = async () => {
    // Of an organization each, as two packages of a corpus may have one name.
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, path] = next;
      tell(await checkPackage(path, `packages-${index}`, peers));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await publisher.close();
    skopeo.end();
    opm.end();
    await registry.stop();
  }
}

function table(results: readonly PackageResult[]): string {
  const rows = OUTCOMES.map((outcome) => {
    const these = results.filter((result) => result.outcome === outcome);
    return [outcome, these.length, these.reduce((sum, { images }) => sum + images, 0)] as const;
  });
  const all = ["total", results.length, results.reduce((sum, { images }) => sum + images, 0)] as const;
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => String(cell).padStart(9)).join("");
  return [["", "packages", "images"], ...rows, all].map(line).join("\n");
}

function report({ path, outcome, reasons }: PackageResult): string {
  return reasons.map((reason) => `${outcome} ${path}: ${reason}\n`).join("");
}

const { values } = parseArgs({
  options: {
    packages: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else if (values.packages === undefined) {
  process.stderr.write(`Expected --packages\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const results: PackageResult[] = [];
  await checkAll(pathsOf(values.packages), (result) => {
    results.push(result);
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : report(result));
  });
  if (!values.json) process.stdout.write(`${table(results)}\n`);
  process.exitCode = results.some(({ outcome }) => outcome === "bad") ? 1 : 0;
}
