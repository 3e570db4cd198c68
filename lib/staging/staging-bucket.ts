import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import type { AwsSettings } from "../aws/index.ts";

/** Bytes of one part of an upload, of which two are held at a time. S3 wants 5 MiB at least. */
export const PART_BYTES = 8 * 1024 * 1024;

const PARTS_AT_ONCE = 2;

/** The S3 bucket in which large archives lie between their download and their push. */
export class StagingBucket {
  readonly #name: string;
  readonly #aws: AwsSettings;
  #client: S3Client | undefined;

  /** @param name the bucket's name */
  constructor(name: string, aws: AwsSettings = {}) {
    this.#name = name;
    this.#aws = aws;
  }

  /** The tag that an object was written with; undefined where there is no such object. */
  async tagOf(key: string, signal: AbortSignal): Promise<string | undefined> {
    const { HeadObjectCommand, NotFound } = await import("@aws-sdk/client-s3");
    const client = await this.#connect();
    try {
      const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: this.#name, Key: key }), {
        abortSignal: signal,
      });
      return Metadata?.["tag"] ?? "";
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  /**
   * Writes an object part by part while its bytes come. When they end in an error, nothing is written, and the
   * error is thrown.
   */
  async write(key: string, bytes: AsyncIterable<Buffer>, tag: string, signal: AbortSignal): Promise<void> {
    const { Upload } = await import("@aws-sdk/lib-storage");
    const abortController = new AbortController();
    const abort = () => abortController.abort();
    signal.addEventListener("abort", abort);
    const upload = new Upload({
      client: await this.#connect(),
      params: { Bucket: this.#name, Key: key, Body: Readable.from(bytes), Metadata: { tag } },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      abortController,
    });
    await upload.done().finally(() => signal.removeEventListener("abort", abort));
  }

  async read(key: string, signal: AbortSignal): Promise<Buffer> {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const client = await this.#connect();
    const { Body } = await client.send(new GetObjectCommand({ Bucket: this.#name, Key: key }), {
      abortSignal: signal,
    });
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** The client takes 50 ms to load, which only large archives pay. */
  async #connect(): Promise<S3Client> {
    const { S3Client } = await import("@aws-sdk/client-s3");
    // A stand-in has no host name for each bucket.
    const forcePathStyle = this.#aws.endpoint !== undefined || process.env["AWS_ENDPOINT_URL"] !== undefined;
    this.#client ??= new S3Client({ ...this.#aws, forcePathStyle });
    return this.#client;
  }
}
