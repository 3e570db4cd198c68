import { type HttpClient, TooLongError } from "../http/index.ts";
import { askBucket, BucketError, type BucketPlace, objectRequest } from "./bucket.ts";

/** An archive of the bucket that has more bytes than may be read. */
export class ArchiveTooLongError extends Error {
  override readonly name = "ArchiveTooLongError";
  readonly bytes: number;

  constructor(key: string, bytes: number) {
    super(`${key} has ${bytes} bytes`);
    this.bytes = bytes;
  }
}

/**
 * Archives that wait in the bucket for their push. Each is read into one buffer, of the length that S3 tells first:
 * of one that is too long, nothing is read.
 */
export class Archives {
  readonly #http: HttpClient;
  readonly #place: BucketPlace;

  constructor(http: HttpClient, place: BucketPlace) {
    this.#http = http.to("s3");
    this.#place = place;
  }

  /**
   * Reads an archive; undefined where there is none.
   *
   * @param maxBytes most bytes that it may have
   * @throws ArchiveTooLongError, BucketError
   */
  async read(key: string, maxBytes: number): Promise<Buffer | undefined> {
    let tooLong: ArchiveTooLongError | undefined;
    const answer = await askBucket(`read ${key}`, [404], async () => {
      const request = await objectRequest(this.#place, "GET", key);
      return this.#http.download({ ...request, maxBytes }, async ({ status, headers, body }) => {
        if (status !== 200) return { status };
        const bytes = Number(headers["content-length"]);
        if (bytes > maxBytes) {
          tooLong = new ArchiveTooLongError(key, bytes);
          throw new TooLongError(tooLong.message);
        }
        return { status, content: await filled(Buffer.allocUnsafe(bytes || 0), body) };
      });
    }).catch((error: unknown) => {
      throw tooLong ?? error;
    });
    return answer.content;
  }

  /** Writes an archive, in place of what is there. Throws BucketError; it may be written then. */
  async write(key: string, body: Buffer): Promise<void> {
    await askBucket(`write ${key}`, [], async () => {
      const request = await objectRequest(this.#place, "PUT", key, {}, body);
      return this.#http.write({ method: "PUT", ...request, body });
    });
  }

  /** Removes an archive; that there is none is no error. Throws BucketError. */
  async remove(key: string): Promise<void> {
    await askBucket(`remove ${key}`, [404], async () => {
      const request = await objectRequest(this.#place, "DELETE", key);
      return this.#http.write({ method: "DELETE", ...request });
    });
  }
}

async function filled(content: Buffer, body: AsyncIterable<Buffer>): Promise<Buffer> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.copy(content, bytes);
  if (bytes === content.length) return content;
  throw new BucketError("read the whole object", true);
}
