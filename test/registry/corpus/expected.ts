import { loadAll, YAML11_SCHEMA } from "js-yaml";
import * as z from "zod/mini";
import type { FileMap } from "../../../lib/archive/index.ts";
import type { Upgrade } from "../catalog.ts";

/** A version of an operator, as its own files tell. */
export interface ExpectedVersion extends Upgrade {
  /** Name of the CSV. */
  readonly name: string;
  readonly version: string;
  /** Sorted; empty where none leads to it. */
  readonly channels: readonly string[];
  /** `<group>/<version>/<kind>` of the resources that its CSV says it owns, and of those that it needs. */
  readonly owned: readonly string[];
  readonly required: readonly string[];
}

export interface ExpectedPackage {
  readonly packageName: string;
  readonly defaultChannel: string | undefined;
  readonly versions: readonly ExpectedVersion[];
}

const packageSchema = z.object({
  packageName: z.string(),
  channels: z.array(z.object({ name: z.string(), currentCSV: z.string() })),
  defaultChannel: z.optional(z.nullable(z.string())),
});

const resourcesSchema = z.optional(
  z.nullable(z.array(z.object({ name: z.string(), version: z.string(), kind: z.string() }))),
);

const csvSchema = z.object({
  kind: z.literal("ClusterServiceVersion"),
  metadata: z.object({
    name: z.string(),
    annotations: z.optional(z.nullable(z.object({ "olm.skipRange": z.optional(z.string()) }))),
  }),
  spec: z.object({
    version: z.string(),
    replaces: z.optional(z.nullable(z.string())),
    skips: z.optional(z.nullable(z.array(z.string()))),
    customresourcedefinitions: z.optional(
      z.nullable(z.object({ owned: resourcesSchema, required: resourcesSchema })),
    ),
  }),
});

type Csv = z.infer<typeof csvSchema>;

/**
 * Reads what must be in a package's bundles from its own files, with a library for YAML and nothing of our code.
 *
 * @throws YAMLException where it has a file that this library, which is stricter than others, does not read
 * @throws Error where it has no package file
 */
export function expectedPackage(files: FileMap): ExpectedPackage {
  const documents = documentsOf(files);
  const pkg = documents.map((each) => packageSchema.safeParse(each).data).find((each) => each !== undefined);
  if (!pkg) throw new Error("It has no package file that can be read");
  const csvs = new Map<string, Csv>();
  for (const each of documents) {
    const csv = csvSchema.safeParse(each).data;
    if (csv) csvs.set(csv.metadata.name, csv);
  }
  const members = pkg.channels.map(({ name, currentCSV }) => ({ name, csvs: membersOf(currentCSV, csvs) }));
  const versions = [...csvs.values()].map((csv) => {
    const channels = members.filter((channel) => channel.csvs.has(csv.metadata.name)).map(({ name }) => name);
    return expectedVersion(csv, channels.sort());
  });
  return { packageName: pkg.packageName, defaultChannel: pkg.defaultChannel || undefined, versions };
}

function documentsOf(files: FileMap): readonly unknown[] {
  return [...files]
    .filter(([path]) => /\.(ya?ml|json)$/.test(path))
    .map(([, bytes]) => Buffer.from(bytes).toString())
    .filter((text) => /\b(ClusterServiceVersion|packageName)\b/.test(text))
    .flatMap((text) => loadAll(text, { schema: YAML11_SCHEMA, json: true }));
}

/** As in opm's index: the head of a channel, all that it replaces, one after the other, and what each of these skips. */
function membersOf(head: string, csvs: ReadonlyMap<string, Csv>): ReadonlySet<string> {
  const chain = new Set<string>();
  for (
    let csv = csvs.get(head);
    csv && !chain.has(csv.metadata.name);
    csv = csvs.get(csv.spec.replaces ?? "")
  ) {
    chain.add(csv.metadata.name);
  }
  return new Set([...chain, ...[...chain].flatMap((name) => csvs.get(name)?.spec.skips ?? [])]);
}

function expectedVersion({ metadata, spec }: Csv, channels: readonly string[]): ExpectedVersion {
  return {
    name: metadata.name,
    version: spec.version,
    channels,
    replaces: spec.replaces ?? undefined,
    skips: spec.skips ?? undefined,
    skipRange: metadata.annotations?.["olm.skipRange"],
    owned: gvks(spec.customresourcedefinitions?.owned),
    required: gvks(spec.customresourcedefinitions?.required),
  };
}

/** A resource's name is `<plural>.<group>`. */
function gvks(resources: z.infer<typeof resourcesSchema>): readonly string[] {
  const all = (resources ?? []).map(
    ({ name, version, kind }) => `${name.slice(name.indexOf(".") + 1)}/${version}/${kind}`,
  );
  return [...new Set(all)].sort();
}
