import { crc32 } from "node:zlib";
import { OmpsError, UploadedFileError } from "../errors/index.ts";
import { type CentralEntry, damaged, readCentralDirectory } from "./central-directory.ts";
import { checkDistinct, entryPath, shownPath } from "./entry-name.ts";
import { isMacDropping } from "./mac-droppings.ts";

/** Relative path, with "/" between names, to content; in the order of the paths' bytes. */
export type FileMap = ReadonlyMap<string, Uint8Array>;

const ENCRYPTED = 0x0001 | 0x0040;
const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/** What jszip gives to read an entry by. */
interface ZipReader {
  file(name: string): { nodeStream(): NodeJS.ReadableStream } | null;
}

/**
 * Unpacks a zip in memory. Sizes that the archive declares are held against the limit, but not believed: bytes
 * are counted while they are inflated, and each file is held against its CRC. What macOS adds of its own is left out.
 *
 * @param maxBytes most bytes that all files may have together
 * @throws UploadedFileError for everything that is wrong with the archive
 */
export async function unpack(zip: Buffer, maxBytes: number): Promise<FileMap> {
  const entries = readCentralDirectory(zip).map((entry) => ({ entry, path: entryPath(entry.rawName) }));
  for (const { entry, path } of entries) checkKind(entry, path);
  checkDistinct(entries.map(({ path }) => path));

  const files = entries.filter(({ path }) => path !== "" && !path.endsWith("/"));
  if (files.reduce((sum, { entry }) => sum + entry.declaredSize, 0) > maxBytes) throw tooBig(maxBytes);
  const reader = await openZip(zip);
  const unpacked = new Map<string, Uint8Array>();
  for (const { entry, path } of files.toSorted(byPath)) {
    const content = await inflate(reader, entry, path).catch((error: unknown) => {
      if (error instanceof OmpsError) throw error;
      throw damaged(`${shownPath(path)} cannot be unpacked: its data is broken, or not of the declared size`);
    });
    if (!isMacDropping(path, content)) unpacked.set(path, content);
  }
  return unpacked;
}

function checkKind({ flags, method, unixMode }: CentralEntry, path: string): void {
  if (flags & ENCRYPTED)
    throw new UploadedFileError(`The archive's ${shownPath(path)} is encrypted. Send it without a password.`);
  if (method !== STORED && method !== DEFLATED) {
    throw new UploadedFileError(
      `The archive's ${shownPath(path)} has compression method ${method}; only deflate (8) and none (0) are taken.`,
    );
  }
  const type = unixMode & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) {
    throw new UploadedFileError(
      `The archive's ${shownPath(path)} is a link or a device. Send files and directories only.`,
    );
  }
}

/** jszip and its inflater cost 8 ms to load, which answers without an archive need not pay. */
async function openZip(zip: Buffer): Promise<ZipReader> {
  const { default: JSZip } = await import("jszip");
  return JSZip.loadAsync(zip).catch(() => {
    throw damaged("it cannot be read");
  });
}

/** Stops as soon as the entry has more bytes than it declares: all that are declared are within the limit. */
function inflate(reader: ZipReader, entry: CentralEntry, path: string): Promise<Buffer> {
  const file = reader.file(path);
  if (!file) throw damaged(`${shownPath(path)} has a second name`);
  const content = Buffer.allocUnsafe(entry.declaredSize);
  const stream = file.nodeStream();
  // Not Promise.withResolvers: the omps command unpacks too, with Node 20.
  return new Promise((resolve, reject) => {
    let bytes = 0;
    stream.on("error", reject);
    stream.on("data", (chunk: Buffer) => {
      chunk.copy(content, bytes);
      bytes += chunk.length;
      if (bytes <= content.length) return;
      stream.pause();
      reject(damaged(`${shownPath(path)} has more bytes than the ${content.length} that it declares`));
    });
    stream.on("end", () => {
      if (crc32(content) !== entry.crc32) {
        reject(damaged(`${shownPath(path)} does not have the checksum (CRC-32) that the archive names`));
      } else resolve(content);
    });
  });
}

function tooBig(maxBytes: number): UploadedFileError {
  return new UploadedFileError(
    `The archive has more than ${maxBytes} bytes unpacked, which is the limit. Leave out what is not needed.`,
  );
}

function byPath(a: { path: string }, b: { path: string }): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
