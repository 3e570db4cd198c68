import { crc32, deflateRawSync } from "node:zlib";

/** One entry of a hand-made archive. What is not given is right; what is given is written even if it lies. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly content?: string | Uint8Array;
  readonly stored?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly mode?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly crc?: number;
  /** The name in front of the data. */
  readonly localName?: string | Buffer;
  /** Points at the data of the entry with this index instead of having its own. */
  readonly sharesDataOf?: number;
}

interface Written {
  readonly entry: ZipEntry;
  readonly offset: number;
  readonly fields: Buffer;
}

/** Makes a zip byte for byte, also such as no tool would make. */
export function zipOf(entries: readonly ZipEntry[] | Readonly<Record<string, string | Uint8Array>>): Buffer {
  const list: readonly ZipEntry[] = isEntries(entries)
    ? entries
    : Object.entries(entries).map(([name, content]) => ({ name, content }));
  const locals: Buffer[] = [];
  const written: Written[] = [];
  let offset = 0;
  for (const entry of list) {
    const shared = entry.sharesDataOf === undefined ? undefined : written[entry.sharesDataOf];
    const { local, fields } = localPart(entry);
    written.push({ entry, offset: shared?.offset ?? offset, fields: shared?.fields ?? fields });
    if (shared) continue;
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(written.map(centralPart));
  return Buffer.concat([...locals, directory, endPart(list.length, directory.length, offset)]);
}

function isEntries(entries: Parameters<typeof zipOf>[0]): entries is readonly ZipEntry[] {
  return Array.isArray(entries);
}

function localPart(entry: ZipEntry): { local: Buffer; fields: Buffer } {
  const content = Buffer.from(entry.content ?? "");
  const data = entry.stored ? content : deflateRawSync(content);
  const fields = Buffer.alloc(22);
  fields.writeUInt16LE(entry.flags ?? 0x0800, 0);
  fields.writeUInt16LE(entry.method ?? (entry.stored ? 0 : 8), 2);
  fields.writeUInt32LE(entry.crc ?? crc32(content), 8);
  fields.writeUInt32LE(entry.compressedSize ?? data.length, 12);
  fields.writeUInt32LE(entry.size ?? content.length, 16);
  const name = Buffer.from(entry.localName ?? entry.name);
  fields.writeUInt16LE(name.length, 20);
  const head = Buffer.from([0x50, 0x4b, 3, 4, 20, 0]);
  return { local: Buffer.concat([head, fields, Buffer.alloc(2), name, data]), fields };
}

function centralPart({ entry, offset, fields }: Written): Buffer {
  const name = Buffer.from(entry.name);
  const head = Buffer.from([0x50, 0x4b, 1, 2, 20, 3, 20, 0]);
  const own = Buffer.from(fields);
  own.writeUInt16LE(name.length, 20);
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 8);
  tail.writeUInt32LE(offset, 12);
  return Buffer.concat([head, own, tail, name]);
}

function endPart(entries: number, bytes: number, start: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(start, 16);
  return end;
}
