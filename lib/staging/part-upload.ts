import type { CompletedPart, S3Client } from "@aws-sdk/client-s3";

/** The client sends it with each part; S3 then wants it named at the beginning and at the end too. */
const ChecksumAlgorithm = "CRC32";

/** An upload in parts, begun with the first part; what fits into one is written at once. */
export class PartUpload {
  readonly #client: S3Client;
  readonly #object: { readonly Bucket: string; readonly Key: string };
  readonly #metadata: Record<string, string>;
  readonly #options: { readonly abortSignal: AbortSignal };
  readonly #parts: CompletedPart[] = [];
  #id: string | undefined;

  constructor(
    client: S3Client,
    object: { readonly Bucket: string; readonly Key: string },
    metadata: Record<string, string>,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#object = object;
    this.#metadata = metadata;
    this.#options = { abortSignal: signal };
  }

  async part(body: Buffer): Promise<void> {
    const { CreateMultipartUploadCommand, UploadPartCommand } = await import("@aws-sdk/client-s3");
    if (this.#id === undefined) {
      const begin = new CreateMultipartUploadCommand({
        ...this.#object,
        ChecksumAlgorithm,
        Metadata: this.#metadata,
      });
      this.#id = (await this.#client.send(begin, this.#options)).UploadId;
    }
    const PartNumber = this.#parts.length + 1;
    const place = { UploadId: this.#id, PartNumber };
    const upload = new UploadPartCommand({ ...this.#object, ...place, ChecksumAlgorithm, Body: body });
    const { ETag, ChecksumCRC32 } = await this.#client.send(upload, this.#options);
    this.#parts.push({ ETag, ChecksumCRC32, PartNumber });
  }

  async end(rest: Buffer): Promise<void> {
    const { CompleteMultipartUploadCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
    if (this.#id === undefined) {
      const put = new PutObjectCommand({ ...this.#object, Body: rest, Metadata: this.#metadata });
      await this.#client.send(put, this.#options);
      return;
    }
    await this.part(rest);
    const MultipartUpload = { Parts: this.#parts };
    await this.#client.send(
      new CompleteMultipartUploadCommand({ ...this.#object, UploadId: this.#id, MultipartUpload }),
      this.#options,
    );
  }

  /** Takes back what was uploaded. Where that fails too, the bucket does it in a day. */
  async abort(): Promise<void> {
    if (this.#id === undefined) return;
    const { AbortMultipartUploadCommand } = await import("@aws-sdk/client-s3");
    const abort = new AbortMultipartUploadCommand({ ...this.#object, UploadId: this.#id });
    await this.#client.send(abort).catch(() => {});
  }
}
