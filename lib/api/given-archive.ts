import * as z from "zod/mini";
import { ExpectedFileError } from "../errors/index.ts";
import { uploadedArchive } from "./multipart.ts";
import type { ApiRequest } from "./request.ts";
import { readUpload } from "./uploads.ts";

/** The archive that a request is about. */
export interface GivenArchive {
  /** The zip. */
  readonly archive: Buffer;
  /** Most bytes that it may have unpacked. */
  readonly maxUnpackedBytes: number;
  /** Where it is in the bucket; undefined where it came with the request itself. */
  readonly key?: string;
}

const jsonSchema = z.looseObject({ upload: z.unknown() });

/**
 * Gives the archive of a request: the file of its multipart body, or what was uploaded before and is named in a JSON
 * body, `{"upload": "<id>"}`.
 *
 * @throws RequestEntityTooLargeError, and the errors of `uploadedArchive` and `readUpload`
 */
export async function givenArchive(request: ApiRequest): Promise<GivenArchive> {
  const { config } = request.app;
  const body = request.body();
  const type = request.header("content-type");
  const upload = uploadIn(type, body);
  if (upload === undefined)
    return {
      archive: await uploadedArchive(type, body),
      maxUnpackedBytes: config.zipfile_max_uncompressed_size,
    };
  return { ...(await readUpload(request, upload)), maxUnpackedBytes: config.upload_max_uncompressed_size };
}

/** The ID in a JSON body; undefined for any other body. */
function uploadIn(type: string | undefined, body: Buffer): string | undefined {
  if (!/^application\/json\s*(;|$)/i.test(type?.trim() ?? "")) return undefined;
  const named = jsonSchema.safeParse(parseJson(body.toString())).data;
  if (!named || !Object.hasOwn(named, "upload")) return undefined;
  if (typeof named.upload === "string") return named.upload;
  throw new ExpectedFileError(
    `Expected 'upload' to be a text: the ID that POST /v2/{organization}/uploads gave, as in {"upload": "…"}.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
