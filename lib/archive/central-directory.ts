import { UploadedFileError } from "../errors/index.ts";
import { shownName } from "./entry-name.ts";

/** Most entries of an archive, directories included. The largest package known has 240 files. */
export const MAX_ENTRIES = 1000;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA_ID = 1;
const IN_ZIP64 = 0xffffffff;

/** One entry as the central directory describes it; nothing of it is to be believed but the place. */
export interface CentralEntry {
  readonly rawName: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  /** What the directory says that the entry has unpacked, in bytes. */
  readonly declaredSize: number;
  /** Mode of a Unix file (type and permissions), 0 where the archive does not come from such a system. */
  readonly unixMode: number;
}

interface Located extends CentralEntry {
  readonly localOffset: number;
  readonly compressedSize: number;
}

/**
 * Reads a zip's central directory and holds the local headers against it.
 * Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16.
 *
 * @throws UploadedFileError for what is no zip, is cut or damaged, has parts elsewhere, has other bytes before
 *   it, has too many entries, overlapping ones, or names that differ between the two headers
 */
export function readCentralDirectory(zip: Buffer): readonly CentralEntry[] {
  const { start, bytes, entries } = findDirectory(zip);
  const located: Located[] = [];
  let offset = start;
  for (let index = 0; index < entries; index++) {
    if (offset + CENTRAL_BYTES > start + bytes || zip.readUInt32LE(offset) !== CENTRAL_SIGNATURE) {
      throw damaged(`its directory breaks off after ${index} of ${entries} entries`);
    }
    located.push(readEntry(zip, offset));
    offset += CENTRAL_BYTES + variableBytes(zip, offset);
  }
  if (offset !== start + bytes) throw damaged("its directory is longer than its entries");
  checkLocalHeaders(zip, located, start);
  return located;
}

function findDirectory(zip: Buffer): { start: number; bytes: number; entries: number } {
  const end = findEnd(zip);
  const disks = zip.readUInt16LE(end + 4) + zip.readUInt16LE(end + 6);
  if (disks !== 0) throw damaged("it is one part of several; send it as one file");
  let entries = zip.readUInt16LE(end + 10);
  let bytes = zip.readUInt32LE(end + 12);
  let start = zip.readUInt32LE(end + 16);
  let directoryEnd = end;
  const locator = end - ZIP64_LOCATOR_BYTES;
  if (locator >= 0 && zip.readUInt32LE(locator) === ZIP64_LOCATOR_SIGNATURE) {
    directoryEnd = Number(zip.readBigUInt64LE(locator + 8));
    if (directoryEnd + ZIP64_END_BYTES > locator || zip.readUInt32LE(directoryEnd) !== ZIP64_END_SIGNATURE) {
      throw damaged("its zip64 end record is not where it should be");
    }
    entries = Number(zip.readBigUInt64LE(directoryEnd + 32));
    bytes = Number(zip.readBigUInt64LE(directoryEnd + 40));
    start = Number(zip.readBigUInt64LE(directoryEnd + 48));
  }
  if (entries > MAX_ENTRIES) {
    throw new UploadedFileError(
      `The archive has ${entries} entries; at most ${MAX_ENTRIES} are taken. Leave out what is not needed.`,
    );
  }
  if (start + bytes !== directoryEnd) {
    throw damaged("there are other bytes before it, or its directory is not where it should be");
  }
  return { start, bytes, entries };
}

function findEnd(zip: Buffer): number {
  const lowest = Math.max(0, zip.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = zip.length - END_BYTES; at >= lowest; at--) {
    if (zip.readUInt32LE(at) !== END_SIGNATURE) continue;
    // Bytes behind the archive harm nothing, and Python's zipfile does not mind them either.
    if (at + END_BYTES + zip.readUInt16LE(at + 20) <= zip.length) return at;
  }
  throw new UploadedFileError(
    "The uploaded file is not a complete zip archive: it does not end with a zip's directory. Make it with 'zip -r' and send it whole.",
  );
}

function variableBytes(zip: Buffer, at: number): number {
  return zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
}

function readEntry(zip: Buffer, at: number): Located {
  const nameBytes = zip.readUInt16LE(at + 28);
  const extraStart = at + CENTRAL_BYTES + nameBytes;
  const extra = zip.subarray(extraStart, extraStart + zip.readUInt16LE(at + 30));
  const madeOnUnix = [3, 19].includes(zip.readUInt8(at + 5));
  const [declaredSize, compressedSize, localOffset] = zip64Values(extra, [
    zip.readUInt32LE(at + 24),
    zip.readUInt32LE(at + 20),
    zip.readUInt32LE(at + 42),
  ]);
  return {
    rawName: zip.subarray(at + CENTRAL_BYTES, extraStart),
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    crc32: zip.readUInt32LE(at + 16),
    declaredSize,
    compressedSize,
    localOffset,
    unixMode: madeOnUnix ? zip.readUInt32LE(at + 38) >>> 16 : 0,
  };
}

/** Values of all ones stand, in this order, in the zip64 extra field (APPNOTE 4.5.3). */
function zip64Values(extra: Buffer, values: readonly [number, number, number]): [number, number, number] {
  let field: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === ZIP64_EXTRA_ID)
      field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  let next = 0;
  const value = (short: number): number => {
    if (short !== IN_ZIP64) return short;
    if (next + 8 > field.length) throw damaged("a zip64 field is missing");
    next += 8;
    return Number(field.readBigUInt64LE(next - 8));
  };
  return [value(values[0]), value(values[1]), value(values[2])];
}

/** Entries that share bytes are how a small archive unpacks to a huge one without any entry lying. */
function checkLocalHeaders(zip: Buffer, entries: readonly Located[], directoryStart: number): void {
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.localOffset - b.localOffset)) {
    const at = entry.localOffset;
    const shown = shownName(entry.rawName);
    if (at + LOCAL_BYTES > directoryStart || zip.readUInt32LE(at) !== LOCAL_SIGNATURE) {
      throw damaged(`the data of ${shown} is not where the directory says`);
    }
    const nameEnd = at + LOCAL_BYTES + zip.readUInt16LE(at + 26);
    if (!zip.subarray(at + LOCAL_BYTES, nameEnd).equals(entry.rawName)) {
      throw damaged(`${shown} has another name in front of its data`);
    }
    const dataEnd = nameEnd + zip.readUInt16LE(at + 28) + entry.compressedSize;
    if (at < free || dataEnd > directoryStart) throw damaged(`the data of ${shown} overlaps with other data`);
    free = dataEnd;
  }
}

/** The answer to an archive that is a zip but not a sound one; `what` completes "the archive is damaged:". */
export function damaged(what: string): UploadedFileError {
  return new UploadedFileError(
    `The uploaded zip archive is damaged or unusual: ${what}. Make it anew with 'zip -r' and send it whole.`,
  );
}
