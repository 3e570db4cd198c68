import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BundleSettings,
  type BundleVerdict,
  bundlesOf,
  type FileMap,
  identifyOperator,
  Manifests,
  type OperatorBundle,
} from "../../../../lib/operator/index.ts";
import { type Contents, crd, csv, filesOf, type Json, type JsonObject } from "../package-builder.ts";

const PREFIX = "operators.operatorframework.io.bundle";

export const ANNOTATIONS = {
  mediaType: `${PREFIX}.mediatype.v1`,
  manifests: `${PREFIX}.manifests.v1`,
  metadata: `${PREFIX}.metadata.v1`,
  package: `${PREFIX}.package.v1`,
  channels: `${PREFIX}.channels.v1`,
  defaultChannel: `${PREFIX}.channel.default.v1`,
};

export const COMPLETE = {
  [ANNOTATIONS.mediaType]: "registry+v1",
  [ANNOTATIONS.manifests]: "manifests/",
  [ANNOTATIONS.metadata]: "metadata/",
  [ANNOTATIONS.package]: "foo",
  [ANNOTATIONS.channels]: "alpha",
};

/** The text of an annotations.yaml. */
export function annotationsFile(annotations: JsonObject = {}): string {
  const lines = Object.entries({ ...COMPLETE, ...annotations })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`);
  return `annotations:\n${lines.join("")}`;
}

/** A version of foo. */
export function version(number: string, spec: JsonObject = {}): JsonObject {
  return csv({ version: number, ...spec }, { name: `foo.v${number}` });
}

/** A valid bundle, with other files in place of some, or more of them. */
export function bundleFiles(contents: Contents = {}): Record<string, Json | Uint8Array> {
  return {
    "manifests/crd.yaml": crd(),
    "manifests/csv.yaml": version("1.0.0"),
    "metadata/annotations.yaml": annotationsFile(),
    ...contents,
  };
}

/** A package with these versions of foo, the last at the head of its channel. */
export function packageOf(
  versions: Readonly<Record<string, JsonObject>>,
  pkg: JsonObject = {},
): Record<string, Json | Uint8Array> {
  const last = Object.keys(versions).at(-1);
  const files: Record<string, Json | Uint8Array> = {
    "foo.package.yaml": {
      packageName: "foo",
      channels: [{ name: "alpha", currentCSV: `foo.v${last}` }],
      ...pkg,
    },
  };
  for (const [number, spec] of Object.entries(versions)) {
    files[`${number}/crd.yaml`] = crd();
    files[`${number}/csv.yaml`] = version(number, spec);
  }
  return files;
}

/** Three versions, each of which replaces the one before it. */
export const THREE = {
  "1.0.0": {},
  "1.1.0": { replaces: "foo.v1.0.0" },
  "2.0.0": { replaces: "foo.v1.1.0" },
};

/** A package with them, the middle one at the head of the channel stable. */
export function twoChannels(pkg: JsonObject = {}): Record<string, Json | Uint8Array> {
  return packageOf(THREE, {
    channels: [
      { name: "alpha", currentCSV: "foo.v2.0.0" },
      { name: "stable", currentCSV: "foo.v1.1.0" },
    ],
    defaultChannel: "stable",
    ...pkg,
  });
}

/** Version and channels of each bundle. */
export function channelsOf(contents: Contents, settings: Partial<BundleSettings> = {}): string[][] {
  return bundlesIn(contents, settings).map(({ version, channels }) => [version, ...channels]);
}

export function judgeBundles(contents: Contents, settings: Partial<BundleSettings> = {}): BundleVerdict {
  const manifests = new Manifests(filesOf(contents));
  return bundlesOf(manifests, identifyOperator(manifests), { versions: "current", ...settings });
}

/** The bundles of a valid archive. */
export function bundlesIn(
  contents: Contents,
  settings: Partial<BundleSettings> = {},
): readonly OperatorBundle[] {
  const { bundles, errors } = judgeBundles(contents, settings);
  if (errors.length > 0) throw new Error(`expected a valid archive: ${errors.join("; ")}`);
  return bundles;
}

export function textIn({ files }: OperatorBundle, path: string): string | undefined {
  const bytes = files.get(path);
  return bytes && Buffer.from(bytes).toString();
}

/** The files of a directory of examples/. */
export function exampleFiles(layout: string): FileMap {
  const root = join(import.meta.dirname, "../../../../examples", layout);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(root.length + 1), readFileSync(path)];
    }),
  );
}
