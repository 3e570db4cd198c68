import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { crc32 } from "node:zlib";

/** An object as it was written. */
export interface StoredObject {
  readonly content: Buffer;
  /** Names without `x-amz-meta-`, in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface OpenUpload {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

/** A stand-in for S3, path-style, with the calls that the service makes: objects, and uploads in parts. */
export class S3StandIn {
  /** `bucket/key` to the object. */
  readonly objects = new Map<string, StoredObject>();
  /** Uploads that are neither complete nor aborted, by their ID. */
  readonly uploads = new Map<string, OpenUpload>();
  /** `METHOD bucket/key`, with `?uploads` and the like, in order. */
  readonly requests: string[] = [];
  /** What requests are answered with 500, by a part of their line in `requests`. */
  readonly faults = new Set<string>();

  /** Forgets all. */
  reset(): void {
    for (const held of [this.objects, this.uploads, this.faults]) held.clear();
    this.requests.length = 0;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://s3");
    const name = decodeURIComponent(url.pathname.slice(1));
    const upload = url.searchParams.get("uploadId") ?? undefined;
    const kind = upload !== undefined ? "?uploadId" : url.searchParams.has("uploads") ? "?uploads" : "";
    const line = `${request.method} ${name}${kind}`;
    const content = Buffer.concat(await request.toArray());
    this.requests.push(line);
    if ([...this.faults].some((fault) => line.includes(fault))) return fail(response, 500, "InternalError");
    switch (`${request.method}${kind}`) {
      case "PUT":
        return this.#put(response, name, { content, metadata: metadataOf(request) });
      case "GET":
      case "HEAD":
        return this.#get(response, name);
      case "POST?uploads":
        if (request.headers["x-amz-checksum-algorithm"] !== "CRC32")
          return fail(response, 400, "InvalidRequest");
        return this.#begin(response, name, metadataOf(request));
      case "PUT?uploadId":
        if (request.headers["x-amz-checksum-crc32"] !== checksum(content))
          return fail(response, 400, "BadDigest");
        return this.#part(response, upload ?? "", Number(url.searchParams.get("partNumber")), content);
      case "POST?uploadId":
        return this.#complete(response, upload ?? "", content.toString());
      case "DELETE?uploadId":
        this.uploads.delete(upload ?? "");
        return say(response, 204);
      default:
        return fail(response, 501, "NotImplemented");
    }
  }

  #put(response: ServerResponse, name: string, object: StoredObject): void {
    this.objects.set(name, object);
    say(response, 200, "", { etag: etag(object.content) });
  }

  #get(response: ServerResponse, name: string): void {
    const object = this.objects.get(name);
    const metadata = Object.entries(object?.metadata ?? {}).map(([key, value]) => [
      `x-amz-meta-${key}`,
      value,
    ]);
    if (!object) fail(response, 404, "NoSuchKey");
    else say(response, 200, object.content, { ...Object.fromEntries(metadata), etag: etag(object.content) });
  }

  #begin(response: ServerResponse, name: string, metadata: OpenUpload["metadata"]): void {
    const id = randomUUID();
    this.uploads.set(id, { name, metadata, parts: new Map() });
    xml(response, "InitiateMultipartUploadResult", `<UploadId>${id}</UploadId>`);
  }

  #part(response: ServerResponse, id: string, number: number, content: Buffer): void {
    const upload = this.uploads.get(id);
    upload?.parts.set(number, content);
    if (upload) say(response, 200, "", { etag: etag(content), "x-amz-checksum-crc32": checksum(content) });
    else fail(response, 404, "NoSuchUpload");
  }

  /** As S3 does for an upload that began with an algorithm, it wants the checksum of each part again. */
  #complete(response: ServerResponse, id: string, asked: string): void {
    const upload = this.uploads.get(id);
    const parts = [...(upload?.parts ?? [])].toSorted(([a], [b]) => a - b).map(([, part]) => part);
    const named = [...asked.matchAll(/<ChecksumCRC32>([^<]*)<\/ChecksumCRC32>/g)].map(([, value]) => value);
    if (upload && named.join() !== parts.map(checksum).join()) fail(response, 400, "InvalidRequest");
    else if (upload) {
      const content = Buffer.concat(parts);
      this.uploads.delete(id);
      this.objects.set(upload.name, { content, metadata: upload.metadata });
      xml(response, "CompleteMultipartUploadResult", `<ETag>${etag(content)}</ETag>`);
    } else fail(response, 404, "NoSuchUpload");
  }
}

function metadataOf({ headers }: IncomingMessage): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  return Object.fromEntries(own.map(([name, value]) => [name.slice("x-amz-meta-".length), String(value)]));
}

/** As S3 writes a CRC-32: its four bytes, the highest first, in base 64. */
function checksum(content: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString("base64");
}

function etag(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}

function say(
  response: ServerResponse,
  status: number,
  body: string | Buffer = "",
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}

function xml(response: ServerResponse, name: string, content: string): void {
  say(response, 200, `<${name}>${content}</${name}>`, { "content-type": "application/xml" });
}

function fail(response: ServerResponse, status: number, code: string): void {
  say(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`, {
    "content-type": "application/xml",
  });
}
