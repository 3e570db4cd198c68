import { createHash } from "node:crypto";
import { KojiError, UploadedFileError } from "../errors/index.ts";
import { type HttpClient, TooLongError, UpstreamError } from "../http/index.ts";
import type { OperatorArchive } from "./archive.ts";
import { kojiFailure } from "./failure.ts";

const HEADERS = { "accept-encoding": "identity" };

/** A damaged copy may lie in a proxy on the way. */
const PAST_CACHES = { ...HEADERS, "cache-control": "no-cache" };

/** What is done with the bytes of an archive. `length` is what the server says, undefined where it does not. */
export type Take<T> = (bytes: AsyncIterable<Buffer>, length: number | undefined) => Promise<T>;

/** The bytes are not those that Koji recorded. */
class DamagedArchive extends Error {}

/** The files below Koji's root. */
export class KojiFiles {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http.to("koji-files");
  }

  /**
   * Hands an archive to `take` while it comes. Size and checksum are compared where Koji has told them: the
   * bytes then end in an error, which `take` must let through, and it is called once more with a second copy.
   *
   * @param maxBytes the most that is taken
   * @throws UploadedFileError when the archive is longer
   * @throws KojiError when it is not to be had, or damaged both times
   */
  async stream<T>(archive: OperatorArchive, maxBytes: number, take: Take<T>): Promise<T> {
    if (archive.size !== undefined && archive.size > maxBytes) throw tooLong(archive, maxBytes);
    try {
      return await this.#fetch(archive, maxBytes, HEADERS, take).catch((error: unknown) => {
        if (error instanceof DamagedArchive) return this.#fetch(archive, maxBytes, PAST_CACHES, take);
        throw error;
      });
    } catch (cause) {
      if (cause instanceof TooLongError) throw tooLong(archive, maxBytes);
      if (!(cause instanceof DamagedArchive)) throw kojiFailure(`fetch ${nameOf(archive)}`, cause);
      throw new KojiError(
        `The archive ${nameOf(archive)} that Koji gives is damaged: ${cause.message}. It was fetched twice. Tell Koji's administrators.`,
      );
    }
  }

  #fetch<T>(
    archive: OperatorArchive,
    maxBytes: number,
    headers: Readonly<Record<string, string>>,
    take: Take<T>,
  ): Promise<T> {
    return this.#http.download({ url: archive.url, headers, maxBytes }, async (answer) => {
      // 204 is an empty file, which the archive's reader refuses in its own way.
      if (answer.status !== 200 && answer.status !== 204) {
        throw new UpstreamError("the file is not to be had", answer.status, Buffer.alloc(0));
      }
      const length = Number(answer.headers["content-length"] ?? Number.NaN);
      return take(checked(archive, answer.body), Number.isSafeInteger(length) ? length : undefined);
    });
  }
}

async function* checked(
  { size, checksum }: OperatorArchive,
  body: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const hash = checksum && createHash(checksum.algorithm);
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    hash?.update(chunk);
    yield chunk;
  }
  if (size !== undefined && bytes !== size) throw new DamagedArchive(`expected ${size} bytes, got ${bytes}`);
  const hex = hash?.digest("hex");
  if (checksum && hex !== checksum.hex) {
    throw new DamagedArchive(`expected the ${checksum.algorithm} ${checksum.hex}, got ${hex}`);
  }
}

function tooLong(archive: OperatorArchive, maxBytes: number): UploadedFileError {
  return new UploadedFileError(
    `The archive ${nameOf(archive)} has more than ${maxBytes} bytes, the most that is taken. Leave out of it what is not needed.`,
  );
}

function nameOf({ name, build }: OperatorArchive): string {
  return `${JSON.stringify(name)} of the build ${build.nvr}`;
}
