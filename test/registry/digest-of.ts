import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundlesOf, identifyOperator, Manifests, packBundle } from "../../lib/operator/index.ts";

/** Prints the version of the Node that runs it, and the digest of the image of the bundle in a folder. */
const [, , folder = ""] = process.argv;

const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.includes("."));
const manifests = new Manifests(new Map(paths.map((path) => [path, readFileSync(join(folder, path))])));
const [bundle] = bundlesOf(manifests, identifyOperator(manifests), { versions: "current" }).bundles;
if (!bundle) throw new Error(`there is no bundle in ${folder}`);
const { digest } = await packBundle(bundle, "oci");
process.stdout.write(`${process.versions.node} ${digest}`);
