import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { bundleCommand } from "./build/command.ts";
import { PROJECT } from "./build/places.ts";

const HELP = `Usage: npm pack

Makes a package of the omps command. npm runs these around it:
  node infra/pack.ts before   bundles the command into dist/omps.mjs, and takes all that it does not need out of
                              package.json: the dependencies are the service's, and those of the command are bundled
  node infra/pack.ts after    puts package.json back
`;

const MANIFEST = join(PROJECT, "package.json");

/** Where package.json is while npm packs. What an interrupted npm left here is put back the next time. */
const KEPT = join(PROJECT, "dist/package.json.kept");

const manifestSchema = z.looseObject({});

/** What is of use only to who works on the project. */
const OWN = ["scripts", "dependencies", "devDependencies", "overrides", "allowScripts"];

async function before(): Promise<void> {
  after();
  await bundleCommand();
  const text = readFileSync(MANIFEST, "utf8");
  const manifest = Object.entries(manifestSchema.parse(JSON.parse(text)));
  const packed = Object.fromEntries(manifest.filter(([key]) => !OWN.includes(key)));
  mkdirSync(dirname(KEPT), { recursive: true });
  writeFileSync(KEPT, text);
  writeFileSync(MANIFEST, `${JSON.stringify(packed, undefined, 2)}\n`);
}

function after(): void {
  if (!existsSync(KEPT)) return;
  writeFileSync(MANIFEST, readFileSync(KEPT));
  rmSync(KEPT);
}

const [when] = process.argv.slice(2);
if (when === "before") await before();
else if (when === "after") after();
else {
  process.stdout.write(HELP);
  process.exitCode = when === "--help" ? 0 : 2;
}
