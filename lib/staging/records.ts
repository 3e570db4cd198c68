import type { AwsSettings } from "../aws/index.ts";
import { type HttpClient, type HttpResponse, UpstreamError } from "../http/index.ts";

/** Longest record that is read, in bytes: an answer is at most what Lambda lets through. */
const MAX_RECORD_BYTES = 6 * 1024 * 1024;

/** Somebody else was faster, or is writing right now; or what should be replaced is gone. */
const CONFLICTS: readonly number[] = [404, 409, 412];

/** How long S3 may take for one, in milliseconds; it needs some 20. */
const RECORD_TIMEOUT_MS = 5000;

/** S3 did not do what it was asked for. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  /** Whether it may do so the next time. */
  readonly passing: boolean;

  constructor(what: string, passing: boolean, options?: ErrorOptions) {
    super(`S3: cannot ${what}`, options);
    this.passing = passing;
  }
}

/** A small object of the bucket, as it was read. */
export interface StoredRecord {
  readonly content: string;
  /** What changes with each write. */
  readonly tag: string;
  /** Milliseconds since it was written, by S3's own clock, which counts seconds. */
  readonly age: number;
}

/** Where a bucket is, and who we are. */
export interface BucketPlace {
  readonly bucket: string;
  readonly aws: AwsSettings;
  /** Environment variables, where `aws` does not tell. */
  readonly env: Readonly<Record<string, string | undefined>>;
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

  /** Reads a record; undefined where there is none. Throws RecordError. */
  async read(key: string): Promise<StoredRecord | undefined> {
    const answer = await this.#ask(`read ${key}`, [404], async () => {
      const { url, headers } = await this.#signed("GET", key);
      return this.#http.read({ url, headers, maxBytes: MAX_RECORD_BYTES });
    });
    if (answer.status === 404) return undefined;
    return { content: answer.body.toString(), tag: header(answer, "etag"), age: ageOf(answer) };
  }

  /**
   * Writes a record where there is none, or in place of the one with this tag.
   *
   * @returns its tag, or undefined where somebody else was faster
   * @throws RecordError; it may be written then
   */
  async write(key: string, content: string, replaces?: string): Promise<string | undefined> {
    const condition = replaces === undefined ? { "if-none-match": "*" } : { "if-match": replaces };
    const body = Buffer.from(content);
    const answer = await this.#ask(`write ${key}`, CONFLICTS, async () => {
      const { url, headers } = await this.#signed("PUT", key, condition, body);
      return this.#http.write({ method: "PUT", url, headers, body });
    });
    return CONFLICTS.includes(answer.status) ? undefined : header(answer, "etag");
  }

  /** Removes the record with this tag; where it is another by now, or gone, nothing happens. Throws as `write`. */
  async remove(key: string, tag: string): Promise<void> {
    await this.#ask(`remove ${key}`, CONFLICTS, async () => {
      const { url, headers } = await this.#signed("DELETE", key, { "if-match": tag });
      return this.#http.write({ method: "DELETE", url, headers });
    });
  }

  /** @param expected statuses of use beside those of success */
  async #ask(
    what: string,
    expected: readonly number[],
    ask: () => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    const answer = await ask().catch((cause: unknown) => {
      throw new RecordError(what, true, { cause });
    });
    const { status, body } = answer;
    if ((status >= 200 && status < 300) || expected.includes(status)) return answer;
    throw new RecordError(what, status >= 500 || status === 429, {
      cause: new UpstreamError(what, status, body),
    });
  }

  async #signed(
    method: string,
    key: string,
    conditions: Readonly<Record<string, string>> = {},
    body?: Buffer,
  ): Promise<{ url: URL; headers: Record<string, string> }> {
    const { default: aws4 } = await import("aws4");
    const { aws, env } = this.#place;
    const region = aws.region ?? env["AWS_REGION"] ?? "us-east-1";
    const url = this.#url(key, region);
    const { headers = {} } = aws4.sign(
      {
        service: "s3",
        region,
        method,
        host: url.host,
        path: url.pathname,
        headers: { ...conditions },
        ...(body && { body }),
      },
      aws.credentials ?? credentialsIn(env),
    );
    const all = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
    return { url, headers: Object.fromEntries(all) };
  }

  /** A stand-in has no host name for each bucket. */
  #url(key: string, region: string): URL {
    const { bucket, aws, env } = this.#place;
    const path = key.split("/").map(encodeURIComponent).join("/");
    const endpoint = aws.endpoint ?? env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"];
    if (endpoint) return new URL(`${endpoint.replace(/\/+$/, "")}/${bucket}/${path}`);
    const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return new URL(`https://${bucket}.s3.${region}.${suffix}/${path}`);
  }
}

/** Lambda puts those of the function's role there. */
function credentialsIn(env: BucketPlace["env"]) {
  const sessionToken = env["AWS_SESSION_TOKEN"];
  return {
    accessKeyId: env["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: env["AWS_SECRET_ACCESS_KEY"] ?? "",
    ...(sessionToken && { sessionToken }),
  };
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
