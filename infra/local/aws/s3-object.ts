import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";

/** An object as it was written. */
export interface StoredObject {
  readonly content: Buffer;
  /** Names without `x-amz-meta-`, in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** With its quotes. */
  readonly etag: string;
  readonly written: Date;
}

/** The metadata that a request brings. */
export function metadataOf(headers: IncomingHttpHeaders): StoredObject["metadata"] {
  const own = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  return Object.fromEntries(own.map(([name, value]) => [name.slice("x-amz-meta-".length), String(value)]));
}

/** The headers that tell what an object is. */
export function headersOf({ metadata, etag, written }: StoredObject): Record<string, string> {
  const own = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return { ...Object.fromEntries(own), etag, "last-modified": written.toUTCString() };
}

/** The ETag of what is written at once: its MD5 in quotes. */
export function etagOf(content: Buffer): string {
  return `"${md5(content).toString("hex")}"`;
}

/** The ETag of what is written in parts: the MD5 of their MD5s, and their number. */
export function etagOfParts(parts: readonly Buffer[]): string {
  return `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}"`;
}

/** As S3 writes a CRC-32: its four bytes, the highest first, in base 64. */
export function checksum(content: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString("base64");
}

function md5(content: Buffer): Buffer {
  return createHash("md5").update(content).digest();
}
