import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";

/** An upload by an HTML form. */
export interface UploadForm {
  /** By their names in lower case, without the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** The field `file`; undefined where there is none. */
  readonly file: Buffer | undefined;
}

/** Reads a form. Rejects for what is no form, or is cut. What comes behind the file is left out, as S3 does. */
export async function readForm(headers: IncomingHttpHeaders, content: Buffer): Promise<UploadForm> {
  const parser = busboy({ headers });
  const fields = new Map<string, string>();
  const chunks: Buffer[] = [];
  let found = false;
  parser.on("field", (name, value) => found || fields.set(name.toLowerCase(), value));
  parser.on("file", (name, stream) => {
    found ||= name === "file";
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  });
  await pipeline(Readable.from([content]), parser);
  return { fields, file: found ? Buffer.concat(chunks) : undefined };
}
