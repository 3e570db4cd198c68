import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { opmProgram } from "../tools/opm.ts";
import type { Account } from "./accounts.ts";
import type { DockerRegistry } from "./docker-registry.ts";
import { makeToolHome } from "./tool-home.ts";

/** Most bytes of what one call prints: a bundle with all its manifests in base64 has some 100 KiB. */
const MAX_OUTPUT = 256 * 1024 * 1024;

const run = promisify(execFile);

const gvkSchema = z.object({ group: z.string(), version: z.string(), kind: z.string() });

const bundleSchema = z.looseObject({
  schema: z.literal("olm.bundle"),
  image: z.string(),
  name: z.string(),
  package: z.string(),
  properties: z.array(z.object({ type: z.string(), value: z.unknown() })),
});

const packageSchema = z.object({ packageName: z.string(), version: z.string() });

/** What opm makes of a bundle's image. */
export interface RenderedBundle {
  /** Reference of the image. */
  readonly image: string;
  /** Name of the CSV. */
  readonly name: string;
  readonly packageName: string;
  readonly version: string;
  /** `<group>/<version>/<kind>` of what the bundle brings, sorted. */
  readonly provided: readonly string[];
  /** The same of what it needs. */
  readonly required: readonly string[];
  /** All of it, as a catalog has it. */
  readonly blob: Readonly<Record<string, unknown>>;
}

/** The tool that makes catalogs of operators. Its methods throw an Error with what it said. */
export interface Opm {
  /** Reads bundles from the registry, by `<repository>:<tag>`, in the order that they are given in. */
  render(images: readonly string[]): Promise<readonly RenderedBundle[]>;
  /** Judges a catalog, given as its blobs. */
  validate(blobs: readonly object[]): Promise<void>;
  /** Forgets the passwords. */
  end(): void;
}

/** Gives opm for this registry, logged in as the account, where one is given. */
export async function opmFor(registry: DockerRegistry, account?: Account): Promise<Opm> {
  const program = await opmProgram();
  const home = makeToolHome(registry, account);
  const execution = { env: home.env, cwd: home.folder, maxBuffer: MAX_OUTPUT };
  const transport = registry.url.protocol === "http:" ? ["--use-http"] : [];
  let catalogs = 0;
  return {
    async render(images) {
      const references = images.map((image) => `${registry.host}/${image}`);
      const { stdout } = await run(program, ["render", ...transport, ...references], execution);
      // It prints them in an order of its own.
      const rendered = new Map(
        documents(stdout)
          .map(renderedBundle)
          .map((bundle) => [bundle.image, bundle]),
      );
      return references.map((reference) => {
        const bundle = rendered.get(reference);
        if (!bundle) throw new Error(`opm printed nothing of ${reference}:\n${stdout.slice(0, 1000)}`);
        return bundle;
      });
    },
    async validate(blobs) {
      const folder = join(home.folder, `catalog-${++catalogs}`);
      mkdirSync(folder);
      writeFileSync(join(folder, "catalog.json"), blobs.map((blob) => JSON.stringify(blob)).join("\n"));
      await run(program, ["validate", folder], execution);
      rmSync(folder, { recursive: true });
    },
    end: home.remove,
  };
}

/** One indented JSON follows the other. */
function documents(printed: string): readonly unknown[] {
  return printed.split(/(?<=^\})\n(?=\{$)/m).map((document): unknown => JSON.parse(document));
}

function renderedBundle(printed: unknown): RenderedBundle {
  const blob = bundleSchema.parse(printed);
  const valuesOf = (type: string) =>
    blob.properties.filter((property) => property.type === type).map(({ value }) => value);
  const gvks = (type: string) =>
    valuesOf(type).map((value) => {
      const { group, version, kind } = gvkSchema.parse(value);
      return `${group}/${version}/${kind}`;
    });
  const { packageName, version } = packageSchema.parse(valuesOf("olm.package")[0]);
  return {
    image: blob.image,
    name: blob.name,
    packageName,
    version,
    provided: gvks("olm.gvk").sort(),
    required: gvks("olm.gvk.required").sort(),
    blob,
  };
}
