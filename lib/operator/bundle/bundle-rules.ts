import { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import type { FileMap, Manifests } from "../manifests.ts";
import { checkCrd } from "../rules/crd.ts";
import { checkCsv } from "../rules/csv.ts";
import type { BundleDraft } from "./draft.ts";
import { guarded } from "./guarded.ts";
import { MAX_BUNDLE_BYTES, MAX_BUNDLES_BYTES } from "./limits.ts";
import { isCrd, type ManifestFile, textOf } from "./manifest-files.ts";
import { checkObject } from "./object-rules.ts";

/**
 * The rules for the manifests of bundles: ours, which are stricter than opm's (it drops a second document or
 * ClusterServiceVersion without a word), and operator-courier's for ClusterServiceVersions and CRDs. Its rule
 * that the repository bears the package's name is left out: where a bundle goes, the configuration says.
 */
export class BundleRules {
  readonly #manifests: Manifests;
  readonly #findings: Findings;
  /** Paths of what is judged already: versions of a flat package share files. */
  readonly #seen = new Set<string>();
  #bytes = 0;

  constructor(manifests: Manifests, findings: Findings) {
    this.#manifests = manifests;
    this.#findings = findings;
  }

  check({ parts: { csv, rivals, files, leftOut }, metadata }: BundleDraft): void {
    if (rivals.length > 0) this.#checkRivals([csv, ...rivals]);
    for (const file of files) this.#once(file.path, () => this.#checkFile(file));
    for (const path of leftOut) {
      this.#once(path, () =>
        this.#warn(path, "It does not come into the bundle, which OLM reads without it."),
      );
    }
    this.#checkNames(files);
    this.#checkSize(csv, files, metadata?.files);
    const crds = files.filter(isCrd).map(({ object }) => object);
    guarded(csv.path, this.#findings, () => checkCsv(csv.object, crds, this.#findings));
  }

  #checkRivals(csvs: readonly ManifestFile[]): void {
    const paths = csvs.map(({ path }) => path).toSorted();
    const [first = ""] = paths;
    this.#once(`${first} and others`, () =>
      this.#error(
        first,
        `Expected one ClusterServiceVersion in a bundle, but it is in ${paths.slice(0, 10).join(" and ")}. Keep one.`,
      ),
    );
  }

  #checkFile(file: ManifestFile): void {
    checkObject(file, this.#sizeOf(file), this.#findings);
    if (isCrd(file)) guarded(file.path, this.#findings, () => checkCrd(file.object, this.#findings));
  }

  /** A cluster has one object of a name. */
  #checkNames(files: readonly ManifestFile[]): void {
    const paths = new Map<string, string>();
    for (const { path, object, kind, name } of files) {
      if (kind === "" || name === "") continue;
      const [group = ""] = textOf(object.value, "apiVersion").split("/", 1);
      const key = JSON.stringify([group, kind, name]);
      const other = paths.get(key);
      paths.set(key, path);
      if (other === undefined) continue;
      this.#once(JSON.stringify([other, path]), () =>
        this.#error(
          path,
          `Expected one ${kind.slice(0, 100)} of the name ${name.slice(0, 255)}, but ${other} has it too. Remove one.`,
        ),
      );
    }
  }

  #checkSize(csv: ManifestFile, files: readonly ManifestFile[], metadata: FileMap = new Map()): void {
    const sizes = [
      ...files.map((file) => this.#sizeOf(file)),
      ...[...metadata.values()].map(({ length }) => length),
    ];
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const before = this.#bytes;
    this.#bytes += bytes;
    if (bytes > MAX_BUNDLE_BYTES) {
      this.#error(
        csv.path,
        `Expected at most ${MAX_BUNDLE_BYTES} bytes in all files of a bundle, but there are ${bytes}. Make it smaller.`,
      );
    }
    if (this.#bytes > MAX_BUNDLES_BYTES && before <= MAX_BUNDLES_BYTES) {
      this.#error(
        csv.path,
        `Expected at most ${MAX_BUNDLES_BYTES} bytes in all bundles of an archive, but with this one there are more. Split it up.`,
      );
    }
  }

  #sizeOf({ path }: ManifestFile): number {
    return this.#manifests.files.get(path)?.length ?? 0;
  }

  #once(key: string, step: () => void): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    step();
  }

  #error(path: string, message: string): void {
    this.#findings.error(new Field(path, null), message);
  }

  #warn(path: string, message: string): void {
    this.#findings.warn(new Field(path, null), message);
  }
}
