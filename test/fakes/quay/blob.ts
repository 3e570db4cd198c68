import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { badGateway, Refusal, serverError } from "./answer.ts";

export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** As python's b64decode: other characters are skipped, wrong padding is an error (undefined here). */
export function decodeBase64(text: string): Buffer | undefined {
  const kept = text.replace(/[^A-Za-z0-9+/=]/g, "");
  const [data = ""] = kept.split("=", 1);
  const padding = kept.length - data.length;
  const missing = (4 - (data.length % 4)) % 4;
  return missing === 3 || padding < missing ? undefined : Buffer.from(data, "base64");
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && /incorrect (data|length) check/.test(error.message);
}

/**
 * The digest that Quay knows a blob by: of the tar, not of the tar.gz. It never looks whether it is a tar.
 * python raises OSError for what is no gzip or fails its checksum, and on OSError gunicorn drops the connection.
 */
export function contentDigest(tarGz: Buffer): string {
  if (tarGz.length === 0) return sha256("");
  if (tarGz[0] !== 0x1f || (tarGz.length > 1 && tarGz[1] !== 0x8b)) throw new Refusal(badGateway);
  try {
    return sha256(gunzipSync(tarGz));
  } catch (error) {
    throw new Refusal(isFileError(error) ? badGateway : serverError);
  }
}
