import { createHash } from "node:crypto";
import { KojiError, UploadedFileError } from "../errors/index.ts";
import { type HttpClient, NetworkError, UpstreamError } from "../http/index.ts";
import type { OperatorArchive } from "./archive.ts";
import { kojiFailure } from "./failure.ts";

const HEADERS = { "accept-encoding": "identity" };

/** A damaged copy may lie in a proxy on the way. */
const PAST_CACHES = { ...HEADERS, "cache-control": "no-cache" };

/**
 * Fetches an archive. Size and checksum are compared where Koji has told them; an archive that differs is
 * fetched once more.
 *
 * @param maxBytes the most that is taken
 * @throws UploadedFileError when the archive is longer
 * @throws KojiError when it is not to be had, or damaged both times
 */
export async function downloadArchive(
  http: HttpClient,
  archive: OperatorArchive,
  maxBytes: number,
): Promise<Buffer> {
  if (archive.size !== undefined && archive.size > maxBytes) throw tooLong(archive, maxBytes);
  const first = await fetchFile(http, archive, maxBytes, HEADERS);
  if (!damage(archive, first)) return first;
  const second = await fetchFile(http, archive, maxBytes, PAST_CACHES);
  const damaged = damage(archive, second);
  if (!damaged) return second;
  throw new KojiError(
    `The archive ${nameOf(archive)} that Koji gives is damaged: ${damaged}. It was fetched twice. Tell Koji's administrators.`,
  );
}

async function fetchFile(
  http: HttpClient,
  archive: OperatorArchive,
  maxBytes: number,
  headers: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const what = `fetch ${nameOf(archive)}`;
  try {
    const { status, body } = await http.read({ url: archive.url, headers, maxBytes });
    // 204 is an empty file, which the archive's reader refuses in its own way.
    if (status === 200 || status === 204) return body;
    throw new UpstreamError(what, status, body);
  } catch (cause) {
    if (isTooLong(cause, maxBytes)) throw tooLong(archive, maxBytes);
    throw kojiFailure(what, cause);
  }
}

/** What is wrong with the bytes, in words; undefined when nothing is. */
function damage({ size, checksum }: OperatorArchive, bytes: Buffer): string | undefined {
  if (size !== undefined && bytes.length !== size) return `expected ${size} bytes, got ${bytes.length}`;
  if (!checksum) return undefined;
  const hex = createHash(checksum.algorithm).update(bytes).digest("hex");
  return hex === checksum.hex ? undefined : `expected the ${checksum.algorithm} ${checksum.hex}, got ${hex}`;
}

/** HttpClient tells it by its text only. */
function isTooLong(cause: unknown, maxBytes: number): boolean {
  return cause instanceof NetworkError && cause.message.endsWith(`is longer than ${maxBytes} bytes`);
}

function tooLong(archive: OperatorArchive, maxBytes: number): UploadedFileError {
  return new UploadedFileError(
    `The archive ${nameOf(archive)} has more than ${maxBytes} bytes, the most that is taken. Leave out of it what is not needed.`,
  );
}

function nameOf({ name, build }: OperatorArchive): string {
  return `${JSON.stringify(name)} of the build ${build.nvr}`;
}
