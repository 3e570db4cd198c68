import type { HttpClient, HttpResponse } from "../http/index.ts";
import { askBucket, type BucketPlace, objectRequest } from "./bucket.ts";

/** Longest record that is read, in bytes: an answer is at most what Lambda lets through. */
const MAX_RECORD_BYTES = 6 * 1024 * 1024;

/** Somebody else was faster, or is writing right now; or what should be replaced is gone. */
const CONFLICTS: readonly number[] = [404, 409, 412];

/** How long S3 may take for one, in milliseconds; it needs some 20. */
const RECORD_TIMEOUT_MS = 5000;

/** A small object of the bucket, as it was read. */
export interface StoredRecord {
  readonly content: string;
  /** What changes with each write. */
  readonly tag: string;
  /** Milliseconds since it was written, by S3's own clock, which counts seconds. */
  readonly age: number;
}

/**
 * Small objects of the bucket that many may want to change at once: each write is on condition that nobody else was
 * faster. They are asked for with plain signed requests: S3's own client would cost each cold start 50 ms.
 */
export class Records {
  readonly #http: HttpClient;
  readonly #place: BucketPlace;

  constructor(http: HttpClient, place: BucketPlace) {
    this.#http = http.to("s3").within(RECORD_TIMEOUT_MS);
    this.#place = place;
  }

  /** Reads a record; undefined where there is none. Throws BucketError. */
  async read(key: string): Promise<StoredRecord | undefined> {
    const answer = await askBucket(`read ${key}`, [404], async () => {
      const { url, headers } = await objectRequest(this.#place, "GET", key);
      return this.#http.read({ url, headers, maxBytes: MAX_RECORD_BYTES });
    });
    if (answer.status === 404) return undefined;
    return { content: answer.body.toString(), tag: header(answer, "etag"), age: ageOf(answer) };
  }

  /**
   * Writes a record where there is none, or in place of the one with this tag.
   *
   * @returns its tag, or undefined where somebody else was faster
   * @throws BucketError; it may be written then
   */
  async write(key: string, content: string, replaces?: string): Promise<string | undefined> {
    const condition = replaces === undefined ? { "if-none-match": "*" } : { "if-match": replaces };
    const body = Buffer.from(content);
    const answer = await askBucket(`write ${key}`, CONFLICTS, async () => {
      const { url, headers } = await objectRequest(this.#place, "PUT", key, condition, body);
      return this.#http.write({ method: "PUT", url, headers, body });
    });
    return CONFLICTS.includes(answer.status) ? undefined : header(answer, "etag");
  }

  /** Removes the record with this tag; where it is another by now, or gone, nothing happens. Throws as `write`. */
  async remove(key: string, tag: string): Promise<void> {
    await askBucket(`remove ${key}`, CONFLICTS, async () => {
      const { url, headers } = await objectRequest(this.#place, "DELETE", key, { "if-match": tag });
      return this.#http.write({ method: "DELETE", url, headers });
    });
  }
}

function header({ headers }: HttpResponse, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

/** Zero where S3 does not say: a lease is then never taken for old. */
function ageOf(answer: HttpResponse): number {
  const [now, written] = ["date", "last-modified"].map((name) => Date.parse(header(answer, name)));
  return Math.max(0, (now ?? 0) - (written ?? 0)) || 0;
}
