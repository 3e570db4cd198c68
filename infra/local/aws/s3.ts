import type { IncomingMessage, ServerResponse } from "node:http";
import { document, element, failure, type S3Answer } from "./s3-answer.ts";
import { refusal } from "./s3-conditions.ts";
import { readForm, type UploadForm } from "./s3-form.ts";
import { listing } from "./s3-listing.ts";
import { checksum, etagOf, headersOf, metadataOf, type StoredObject } from "./s3-object.ts";
import { formRefusal } from "./s3-policy.ts";
import { OpenUploads } from "./s3-uploads.ts";

/** A request that was read in full: it is answered in one go, so that none comes between. */
interface S3Request {
  readonly headers: IncomingMessage["headers"];
  /** `bucket/key`. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly content: Buffer;
  /** Where it is an upload by a form. */
  readonly form: UploadForm | undefined;
}

/** Decides when a request is served, and what it is answered; undefined: its connection is dropped. */
export type S3Director = (line: string, perform: () => S3Answer) => Promise<S3Answer | undefined>;

/**
 * A stand-in for S3, path-style, with the calls that the service makes: objects, also on conditions, listings,
 * uploads in parts, and by forms with a policy. Any bucket that is named is there.
 */
export class S3StandIn {
  /** `bucket/key` to the object. */
  readonly objects = new Map<string, StoredObject>();
  /** Uploads that are neither complete nor aborted. */
  readonly uploads = new OpenUploads();
  /** `METHOD bucket/key`, with `?uploads` and the like, in order. */
  readonly requests: string[] = [];
  /** What requests are answered with 500, by a part of their line in `requests`. */
  readonly faults = new Set<string>();
  /** How far its clock is ahead of this machine's, in milliseconds. */
  ahead = 0;
  /** None: each request is served at once. */
  director: S3Director | undefined;
  readonly #clock: () => number;

  /** @param clock this machine's unless told */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** Forgets all. */
  reset(): void {
    for (const held of [this.objects, this.uploads, this.faults]) held.clear();
    this.requests.length = 0;
    this.ahead = 0;
    this.director = undefined;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = "", search] = (request.url ?? "/").split("?", 2);
    const name = decodeURIComponent(path.slice(1));
    const query = new URLSearchParams(search);
    const kind = ["uploadId", "uploads", "list-type"].find((each) => query.has(each));
    const suffix = kind === undefined ? "" : `?${kind}`;
    const line = `${request.method} ${name}${suffix}`;
    const content = Buffer.concat(await request.toArray());
    this.requests.push(line);
    const form = await formOf(request, content);
    const perform = () =>
      [...this.faults].some((fault) => line.includes(fault))
        ? failure(500, "InternalError")
        : this.#perform(`${request.method}${suffix}`, {
            headers: request.headers,
            name,
            query,
            content,
            form,
          });
    const answer = this.director ? await this.director(line, perform) : perform();
    if (!answer) return void response.destroy();
    const { status, headers, body = "" } = answer;
    const date = this.#now().toUTCString();
    response.writeHead(status, { date, "content-length": Buffer.byteLength(body), ...headers });
    response.end(body);
  }

  #now(): Date {
    return new Date(this.#clock() + this.ahead);
  }

  #perform(operation: string, request: S3Request): S3Answer {
    const { name, query } = request;
    switch (operation) {
      case "PUT":
        return this.#put(request);
      case "GET":
      case "HEAD":
        return this.#get(name);
      case "DELETE":
        return this.#delete(request);
      case "GET?list-type":
        return listing(this.objects, name.replace(/\/$/, ""), query);
      case "POST":
        return this.#post(request);
      case "POST?uploads":
        return this.#begin(request);
      case "PUT?uploadId":
        return this.#part(request);
      case "POST?uploadId":
        return this.#complete(request);
      case "DELETE?uploadId":
        return this.uploads.abort(idOf(query)) ? { status: 204 } : failure(404, "NoSuchUpload");
      default:
        return failure(501, "NotImplemented");
    }
  }

  #put({ headers, name, content }: S3Request): S3Answer {
    const expected = headers["x-amz-checksum-crc32"];
    if (expected !== undefined && expected !== checksum(content)) return failure(400, "BadDigest");
    const refused = refusal(headers, this.objects.get(name));
    if (refused) return refused;
    const etag = etagOf(content);
    this.objects.set(name, { content, metadata: metadataOf(headers), etag, written: this.#now() });
    return { status: 200, headers: { etag } };
  }

  #post({ name: bucket, form }: S3Request): S3Answer {
    if (!form) return failure(400, "MalformedPOSTRequest");
    const refused = formRefusal(form, bucket, this.#now().getTime());
    if (refused) return refused;
    const { fields, file: content = Buffer.alloc(0) } = form;
    const etag = etagOf(content);
    const metadata = metadataOf(Object.fromEntries(fields));
    this.objects.set(`${bucket}/${fields.get("key")}`, { content, metadata, etag, written: this.#now() });
    return { status: 204, headers: { etag } };
  }

  #get(name: string): S3Answer {
    const object = this.objects.get(name);
    if (!object) return failure(404, "NoSuchKey");
    return { status: 200, headers: headersOf(object), body: object.content };
  }

  #delete({ headers, name }: S3Request): S3Answer {
    const refused = refusal(headers, this.objects.get(name));
    if (refused) return refused;
    this.objects.delete(name);
    return { status: 204 };
  }

  #begin({ headers, name }: S3Request): S3Answer {
    if (headers["x-amz-checksum-algorithm"] !== "CRC32") return failure(400, "InvalidRequest");
    const id = this.uploads.begin(name, metadataOf(headers));
    return document("InitiateMultipartUploadResult", element("UploadId", id));
  }

  #part({ headers, query, content }: S3Request): S3Answer {
    const own = checksum(content);
    if (headers["x-amz-checksum-crc32"] !== own) return failure(400, "BadDigest");
    const kept = this.uploads.part(idOf(query), Number(query.get("partNumber")), content);
    if (!kept) return failure(404, "NoSuchUpload");
    return { status: 200, headers: { etag: etagOf(content), "x-amz-checksum-crc32": own } };
  }

  #complete({ query, content }: S3Request): S3Answer {
    const completed = this.uploads.complete(idOf(query), content.toString());
    if (!("object" in completed)) return completed;
    this.objects.set(completed.name, completed.object);
    return document("CompleteMultipartUploadResult", element("ETag", completed.object.etag));
  }
}

function formOf({ method, headers }: IncomingMessage, content: Buffer): Promise<UploadForm> | undefined {
  const isForm = method === "POST" && /^multipart\/form-data/i.test(headers["content-type"] ?? "");
  return isForm ? readForm(headers, content) : undefined;
}

function idOf(query: URLSearchParams): string {
  return query.get("uploadId") ?? "";
}
