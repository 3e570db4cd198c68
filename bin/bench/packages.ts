import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exampleFiles } from "../../infra/local/example.ts";

/** A package to judge, in a directory of its own. */
export interface JudgedPackage {
  readonly what: string;
  readonly dir: string;
  /** Milliseconds of CPU, where there is a budget. */
  readonly budget?: number;
  /** Milliseconds that the original takes, measured apart on the same kind of machine. */
  readonly original?: number;
  /** How many times faster than operator-courier it must be. */
  readonly timesCourier?: number;
}

/** Writes packages like the median flat, the median nested, a large and the largest one of community-operators. */
export function writePackages(folder: string): JudgedPackage[] {
  return [
    {
      what: "39 kB flat",
      dir: flat(join(folder, "flat-39k"), 39_000),
      budget: 8,
      original: 420,
      timesCourier: 40,
    },
    {
      what: "67 kB nested",
      dir: nested(join(folder, "nested-67k"), 67_000),
      budget: 8,
      original: 340,
      timesCourier: 40,
    },
    {
      what: "1.9 MB nested",
      dir: nested(join(folder, "nested-1900k"), 1_900_000),
      budget: 150,
      original: 14_400,
      timesCourier: 90,
    },
    { what: "12 MB nested", dir: nested(join(folder, "nested-12m"), 12_000_000) },
  ];
}

/** The flat example, its CRD's schema repeated up to so many bytes. */
function flat(dir: string, bytes: number): string {
  return write(dir, flatFiles(bytes));
}

/** A package like the median one of community-operators, which is flat. */
export function medianPackage(): ReadonlyMap<string, Buffer> {
  return flatFiles(39_000);
}

function flatFiles(bytes: number): ReadonlyMap<string, Buffer> {
  const files = new Map(exampleFiles("flat"));
  let missing = bytes - total(files);
  for (let index = 0; missing > 0; index++) {
    const [[, crd] = ["", Buffer.alloc(0)]] = [...files].filter(([path]) => path.startsWith("tidecluster"));
    const copy = crd.toString().replaceAll("tideclusters", `tideclusters${index}`);
    files.set(`tidecluster${index}.yaml`, Buffer.from(copy));
    missing -= copy.length;
  }
  return files;
}

/**
 * A bundle like the median one of community-operators: the example with a third CRD, and an icon that makes it
 * 30 kB as a zip.
 *
 * @param icon in base64
 */
export function medianBundle(icon: string): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [path, content] of exampleFiles("bundle")) {
    const text = content.toString();
    if (path.endsWith("clusterserviceversion.yaml"))
      files.set(
        path,
        Buffer.from(text.replace(/base64data: .*/, `base64data: ${icon}`).replace(OWNED, `$&${THIRD}`)),
      );
    else files.set(path, content);
    if (path.endsWith("tidecluster.crd.yaml"))
      files.set(path.replace("tidecluster", "third"), Buffer.from(third(text)));
  }
  return files;
}

const OWNED = "    owned:\n";
const THIRD = `      - name: thirdclusters.tidewater.example.com
        kind: ThirdCluster
        version: v1beta1
        displayName: Third Cluster
        description: One more kind of cluster.
`;

const third = (text: string) =>
  text.replaceAll("tidecluster", "thirdcluster").replaceAll("TideCluster", "ThirdCluster");

/** The nested example, its last version repeated up to so many bytes. */
function nested(dir: string, bytes: number): string {
  const files = new Map(exampleFiles("nested"));
  const last = [...files].filter(([path]) => path.startsWith("0.2.0/"));
  let missing = bytes - total(files);
  for (let minor = 3; missing > 0; minor++) {
    for (const [path, content] of last) {
      const copy = Buffer.from(content.toString().replaceAll("0.2.0", `0.${minor}.0`));
      files.set(path.replaceAll("0.2.0", `0.${minor}.0`), copy);
      missing -= copy.length;
    }
  }
  return write(dir, files);
}

function total(files: ReadonlyMap<string, Buffer>): number {
  return [...files]
    .filter(([path]) => /\.ya?ml$/.test(path))
    .reduce((sum, [, { length }]) => sum + length, 0);
}

function write(dir: string, files: ReadonlyMap<string, Buffer>): string {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}
