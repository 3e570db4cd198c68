import { randomUUID } from "node:crypto";

/** A body with its type. */
export interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A form of multipart/form-data: its fields, and then a zip as the field `file`, which S3 wants last. */
export function formOf(fields: Readonly<Record<string, string>>, filename: string, zip: Buffer): Body {
  const boundary = `omps-${randomUUID()}`;
  const part = (name: string, more: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n`;
  const said = Object.entries(fields).map(([name, value]) => `${part(name, "")}\r\n${value}\r\n`);
  // What would end the quotes, or the line, is no part of anybody's name for a zip.
  const name = filename.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const file = `${part("file", `; filename="${name}"`)}content-type: application/zip\r\n\r\n`;
  const bytes = Buffer.concat([
    Buffer.from(said.join("") + file),
    zip,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { type: `multipart/form-data; boundary=${boundary}`, bytes };
}

export function jsonOf(value: object): Body {
  return { type: "application/json", bytes: Buffer.from(JSON.stringify(value)) };
}
