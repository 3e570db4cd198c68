import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import JSZip from "jszip";
import { exampleFiles } from "../../infra/local/example.ts";
import { medianBundle, medianPackage } from "./packages.ts";

/** With it, the bundle has 30 kB as a zip. */
const BUNDLE_ICON_BYTES = 20_000;

/** Bytes that do not compress, the same each time. */
function noise(seed: string, bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash("sha256").update(`${seed}/${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** The flat example with an icon of 15 kB: about 22 kB as a request body. */
async function small(): Promise<Buffer> {
  const zip = new JSZip();
  const icon = noise("icon", 12_500).toString("base64");
  for (const [path, content] of exampleFiles("flat")) {
    zip.file(path, content.toString().replace(/base64data: .*/, `base64data: ${icon}`));
  }
  return zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}

/** The nested example with 40 pages of 1 MB: 3 MB as a zip, 42 MB unpacked. */
async function big(): Promise<Buffer> {
  const zip = new JSZip();
  for (const [path, content] of exampleFiles("nested")) zip.file(path, content);
  const prose = "lorem ipsum dolor sit amet\n".repeat(36_000);
  for (let page = 0; page < 40; page++) {
    zip.file(`docs/page${page}.txt`, Buffer.concat([noise(`page${page}`, 74_000), Buffer.from(prose)]));
  }
  return zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}

/** The nested example with 100 pages of 2 MB: 50 MB as a zip, 200 MB unpacked, which is the most that can be uploaded. */
async function huge(): Promise<Buffer> {
  const zip = new JSZip();
  for (const [path, content] of exampleFiles("nested")) zip.file(path, content);
  const prose = Buffer.from("lorem ipsum dolor sit amet\n".repeat(55_000));
  for (let page = 0; page < 100; page++)
    zip.file(`docs/page${page}.txt`, Buffer.concat([noise(`page${page}`, 500_000), prose]));
  return zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}

function zipped(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const zip = new JSZip();
  for (const [path, content] of files) zip.file(path, content);
  return zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}

/** Writes the archives that are pushed. */
export async function writeInputs(folder: string): Promise<void> {
  writeFileSync(join(folder, "small.zip"), await small());
  writeFileSync(join(folder, "big.zip"), await big());
  writeFileSync(join(folder, "huge.zip"), await huge());
  writeFileSync(join(folder, "median.zip"), await zipped(medianPackage()));
  const bundle = medianBundle(noise("icon", BUNDLE_ICON_BYTES).toString("base64"));
  writeFileSync(join(folder, "bundle.zip"), await zipped(bundle));
}

export type Input = "small" | "big" | "huge" | "median" | "bundle";

export function readInput(folder: string, name: Input): Buffer {
  return readFileSync(join(folder, `${name}.zip`));
}
