import type { S3Client } from "@aws-sdk/client-s3";
import type { AwsSettings } from "../aws/index.ts";
import { PartUpload } from "./part-upload.ts";

/** Bytes of one part of an upload, which are held in memory. S3 wants 5 MiB at least, and at most 10,000 parts. */
export const PART_BYTES = 5 * 1024 * 1024;

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
    const object = { Bucket: this.#name, Key: key };
    const upload = new PartUpload(await this.#connect(), object, { tag }, signal);
    // One buffer for all parts: with one for each, the collector lets 20 MiB more pile up.
    const part = Buffer.allocUnsafe(PART_BYTES);
    let filled = 0;
    try {
      for await (const chunk of bytes) {
        for (let taken = 0; taken < chunk.length; ) {
          if (filled === PART_BYTES) {
            await upload.part(part);
            filled = 0;
          }
          const copied = chunk.copy(part, filled, taken);
          filled += copied;
          taken += copied;
        }
      }
      await upload.end(part.subarray(0, filled));
    } catch (error) {
      await upload.abort();
      throw error;
    }
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
