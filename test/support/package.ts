import { zipOf } from "./zip.ts";

/** What a package of the tests may have otherwise than the smallest valid one. */
export interface PackageOptions {
  readonly name?: string;
  readonly versions?: readonly string[];
  readonly layout?: "flat" | "nested";
  /** Lines that come under `spec:` of each CSV. */
  readonly spec?: string;
  /** More files, or others in place of those with these names; null leaves one out. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
}

/** The files of a small package that is valid: one CSV that owns no CRD, and the package file. */
export function packageFiles(options: PackageOptions = {}): Record<string, string | Uint8Array> {
  const { name = "etcd", layout = "flat", versions = ["0.1.0"], spec = VALID_SPEC } = options;
  const files = versions.map((version): [string, string] => [
    layout === "flat" ? `${name}.v${version}.csv.yaml` : `${version}/${name}.csv.yaml`,
    csv(`${name}.v${version}`, spec),
  ]);
  const current = `${name}.v${versions.at(-1)}`;
  const all: Record<string, string | Uint8Array | null> = {
    "package.yaml": packageFile(name, current),
    ...Object.fromEntries(files),
    ...options.files,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string | Uint8Array] => entry[1] !== null),
  );
}

/** The same as a zip. */
export function packageZip(options: PackageOptions = {}): Buffer {
  return zipOf(packageFiles(options));
}

export const VALID_SPEC = `  installModes: []
  install:
    strategy: deployment
    spec:
      deployments: []
`;

function csv(name: string, spec: string): string {
  return `apiVersion: operators.coreos.com/v1alpha1
kind: ClusterServiceVersion
metadata:
  name: ${name}
spec:
${spec}`;
}

function packageFile(name: string, current: string): string {
  return `packageName: ${name}\nchannels:\n- name: alpha\n  currentCSV: ${current}\n`;
}
