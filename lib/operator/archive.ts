import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { byBytes, type FileMap } from "./manifests.ts";

export interface PackedRelease {
  /** The tar.gz. */
  readonly archive: Buffer;
  /** SHA-256 of the tar in it, in hex. */
  readonly digest: string;
}

/** Bytes of a block, the unit of the tar format (POSIX.1-2017, pax interchange format). */
const BLOCK = 512;
const MAX_SHORT_NAME = 100;
const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/**
 * Packs a release into a tar.gz with one top directory. The tar depends on nothing but the names and the
 * bytes: names are sorted, times, owners and modes are fixed, so one content has one digest.
 *
 * @param files relative paths with "/" to bytes
 */
export function packRelease(files: FileMap, topDirectory: string): PackedRelease {
  const blocks: Uint8Array[] = [];
  for (const name of entryNames(files.keys(), topDirectory)) {
    const bytes = files.get(name.slice(topDirectory.length + 1));
    addEntry(blocks, name, bytes);
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  const tar = Buffer.concat(blocks);
  return { archive: gzipSync(tar), digest: createHash("sha256").update(tar).digest("hex") };
}

/** Files and the directories above them (which end in "/"), parents first. */
function entryNames(paths: Iterable<string>, topDirectory: string): string[] {
  const names = new Set([`${topDirectory}/`]);
  for (const path of paths) {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      names.add(`${topDirectory}/${path.slice(0, slash + 1)}`);
    }
    names.add(`${topDirectory}/${path}`);
  }
  return [...names].sort(byBytes);
}

function addEntry(blocks: Uint8Array[], name: string, bytes: Uint8Array | undefined): void {
  const raw = Buffer.from(name);
  if (raw.length > MAX_SHORT_NAME || raw.length !== name.length) {
    const record = paxRecord("path", name);
    blocks.push(header(Buffer.from("pax"), "x", FILE_MODE, record.length), record, padding(record.length));
  }
  if (bytes === undefined) {
    blocks.push(header(raw, "5", DIRECTORY_MODE, 0));
    return;
  }
  blocks.push(header(raw, "0", FILE_MODE, bytes.length), bytes, padding(bytes.length));
}

function padding(length: number): Uint8Array {
  return Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);
}

/** `<length> path=<name>\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  const size = Buffer.byteLength(rest);
  let length = size + String(size).length;
  if (String(length).length > String(size).length) length = size + String(length).length;
  return Buffer.from(`${length}${rest}`);
}

function header(name: Buffer, type: "0" | "5" | "x", mode: number, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0, 0, MAX_SHORT_NAME);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108); // owner
  block.write(octal(0, 8), 116); // group
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136); // time of change
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}
