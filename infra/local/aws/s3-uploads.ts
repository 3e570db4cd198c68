import { randomUUID } from "node:crypto";
import { failure, type S3Answer } from "./s3-answer.ts";
import { checksum, etagOf, etagOfParts, type StoredObject } from "./s3-object.ts";

interface OpenUpload {
  /** `bucket/key` of the object that it becomes. */
  readonly name: string;
  readonly metadata: StoredObject["metadata"];
  readonly parts: Map<number, Buffer>;
}

/** An upload that became an object. */
interface CompletedUpload {
  readonly name: string;
  readonly object: StoredObject;
}

/** The uploads in parts that are neither complete nor aborted. */
export class OpenUploads {
  readonly #open = new Map<string, OpenUpload>();

  get size(): number {
    return this.#open.size;
  }

  clear(): void {
    this.#open.clear();
  }

  /** Begins an upload, and gives its ID. */
  begin(name: string, metadata: StoredObject["metadata"]): string {
    const id = randomUUID();
    this.#open.set(id, { name, metadata, parts: new Map() });
    return id;
  }

  /** Keeps a part, in place of an earlier one with its number. False where there is no such upload. */
  part(id: string, number: number, content: Buffer): boolean {
    return this.#open.get(id)?.parts.set(number, content) !== undefined;
  }

  abort(id: string): boolean {
    return this.#open.delete(id);
  }

  /**
   * Makes an object of an upload. As S3 does for one that began with an algorithm, it wants the checksum of each
   * part again.
   *
   * @param asked the parts that the request names, in XML
   */
  complete(id: string, asked: string): CompletedUpload | S3Answer {
    const upload = this.#open.get(id);
    if (!upload) return failure(404, "NoSuchUpload");
    const named = [...asked.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => part);
    const parts: Buffer[] = [];
    for (const part of named) {
      const content = upload.parts.get(Number(textOf(part, "PartNumber")));
      if (!content || etagOf(content) !== textOf(part, "ETag")) return failure(400, "InvalidPart");
      if (checksum(content) !== textOf(part, "ChecksumCRC32")) return failure(400, "InvalidRequest");
      parts.push(content);
    }
    if (parts.length === 0) return failure(400, "MalformedXML");
    this.#open.delete(id);
    const content = Buffer.concat(parts);
    const { name, metadata } = upload;
    return { name, object: { content, metadata, etag: etagOfParts(parts), written: new Date() } };
  }
}

function textOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.replaceAll(/&quot;|&#34;/g, '"');
}
