import { buffer } from "node:stream/consumers";
import type { Config } from "../config/index.ts";
import { KojiError } from "../errors/index.ts";
import type { KojiFiles, OperatorArchive } from "../koji/index.ts";
import type { StagingBucket } from "../staging/index.ts";
import type { Journal, Log } from "../telemetry/index.ts";

/** What an archive is fetched with. */
export interface Fetcher {
  readonly config: Config;
  readonly files: KojiFiles;
  /** Undefined where there is none: then everything is held in memory. */
  readonly staging?: StagingBucket | undefined;
  /** The request's deadline. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly journal: Journal;
}

export interface FetchedArchive {
  readonly content: Buffer;
  /** Whether it went through the staging bucket; such a one may have more bytes unpacked. */
  readonly large: boolean;
}

/**
 * Fetches an archive of a build. One above `koji_stage_threshold` goes through the staging bucket: part by part
 * while it is counted and checked, so that it is never in memory beside what else is. It stays there, and a
 * second push of the build fetches nothing, where Koji knows the checksum.
 *
 * @throws UploadedFileError when it is longer than `upload_max_size`
 * @throws KojiError when it is not to be had, damaged, or cannot be staged
 */
export async function fetchArchive(fetcher: Fetcher, archive: OperatorArchive): Promise<FetchedArchive> {
  const { config, files, staging, signal, log, journal } = fetcher;
  const threshold = config.koji_stage_threshold;
  const { build, name, size, checksum } = archive;
  const key = `koji/${build.id}/${name}`;
  const tag = checksum ? `${checksum.algorithm}:${checksum.hex}` : "";
  const staged = <T>(work: () => Promise<T>) =>
    journal.call("s3", work).catch((cause: unknown) => {
      throw notStaged(cause);
    });
  const inMemory = (length: number | undefined) => !staging || (length !== undefined && length <= threshold);

  if (staging && checksum && !inMemory(size) && (await staged(() => staging.tagOf(key, signal))) === tag) {
    log.info("The archive is staged already", { nvr: build.nvr, key });
    return { content: await staged(() => staging.read(key, signal)), large: true };
  }
  return files.stream(archive, config.upload_max_size, async (bytes, length) => {
    if (!staging || inMemory(size ?? length)) return { content: await buffer(bytes), large: false };
    await write(fetcher, bytes, (noted) => staging.write(key, noted, tag, signal));
    return { content: await staged(() => staging.read(key, signal)), large: true };
  });
}

/** What goes wrong with the bytes themselves, and not with S3, stays what it is: they may be fetched again. */
async function write(
  { journal }: Fetcher,
  bytes: AsyncIterable<Buffer>,
  to: (bytes: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  let end: unknown;
  async function* noted(): AsyncGenerator<Buffer> {
    try {
      yield* bytes;
    } catch (error) {
      end = error;
      throw error;
    }
  }
  try {
    await to(noted());
  } catch (cause) {
    if (end) throw end;
    journal.called("s3", undefined, true);
    throw notStaged(cause);
  }
  // How long it took says nothing of S3: most of it was waiting for Koji.
  journal.called("s3", undefined, false);
}

function notStaged(cause: unknown): KojiError {
  return new KojiError("The archive of the build cannot be staged in S3. Try again.", { cause });
}
