import { randomBytes } from "node:crypto";
import {
  BusyError,
  ConfigurationError,
  UploadExpiredError,
  UploadedFileError,
  UploadNotFoundError,
  UploadNotSentError,
} from "../errors/index.ts";
import { ArchiveTooLongError, presignPost } from "../staging/index.ts";
import { Answer } from "./answer.ts";
import type { ApiRequest } from "./request.ts";

/** How long an upload may begin, in milliseconds: as long as S3 takes the form. */
export const SENDING_MS = 15 * 60 * 1000;

/** How long an upload can be pushed, in milliseconds. The bucket keeps each object for a day at least. */
export const UPLOAD_LIFE_MS = 24 * 60 * 60 * 1000;

/** Bytes of chance in an ID. */
const CHANCE_BYTES = 16;

/** Seconds since 1970, chance, and by whom and for which organization it was asked for; all in hexadecimal. */
const ID = /^([0-9a-f]{8})([0-9a-f]{32})([0-9a-f]{16})$/;

/** An archive that was uploaded. */
export interface UploadedArchive {
  /** Its key in the bucket. */
  readonly key: string;
  readonly archive: Buffer;
}

/**
 * Gives a form by which the caller uploads one archive to S3. Nothing is kept of it: its ID tells when it was made, and
 * for whom.
 *
 * @throws AuthorizationHeaderRequiredError, InvalidNameError
 * @throws ConfigurationError where there is no bucket
 */
export function newUpload(request: ApiRequest): Answer {
  const { app } = request;
  const caller = request.caller();
  const organization = request.organization();
  if (!app.bucket) throw noBucket();
  const now = app.now();
  const issued = Math.floor(now / 1000).toString(16);
  const chance = randomBytes(CHANCE_BYTES).toString("hex");
  const id = issued + chance + sealOf(request, caller, organization, issued + chance);
  const maxBytes = app.config.upload_max_size;
  const expires = now + SENDING_MS;
  const form = { key: keyOf(id), contentType: "application/zip", maxBytes, now, expires };
  const { url, fields } = presignPost(app.bucket, form);
  const told = { upload: id, url, fields, expires: new Date(expires).toISOString(), max_bytes: maxBytes };
  return new Answer(201, told, { "cache-control": "no-store" });
}

/**
 * Reads what the caller has uploaded for an organization. Its length is looked at first.
 *
 * @throws UploadNotFoundError for an ID that we did not give to this caller for this organization
 * @throws UploadExpiredError for one that is too old, UploadNotSentError where nothing was uploaded yet
 * @throws UploadedFileError where it has more than `upload_max_size` bytes
 * @throws BusyError where S3 does not work
 */
export async function readUpload(request: ApiRequest, id: string): Promise<UploadedArchive> {
  const { app, archives, journal } = request;
  const age = ageOf(request, id);
  if (!archives) throw noBucket();
  if (age >= UPLOAD_LIFE_MS) throw expired("It can be pushed for 24 hours");
  const key = keyOf(id);
  const maxBytes = app.config.upload_max_size;
  const archive = await journal
    .step("fetch_archive", () => archives.read(key, maxBytes))
    .catch((cause: unknown) => {
      if (cause instanceof ArchiveTooLongError) throw tooLong(cause.bytes, maxBytes);
      throw new BusyError("The upload could not be read from S3. Nothing was changed; try again.", {
        cause,
        headers: { "retry-after": "5" },
      });
    });
  if (archive) return { key, archive };
  if (age >= SENDING_MS) throw expired("Nothing was sent within the 15 minutes that there were");
  throw new UploadNotSentError(
    "Nothing has been sent for this upload yet: send the zip to its 'url' first, as multipart/form-data with all 'fields' and then the zip as the field 'file'.",
  );
}

/** Milliseconds since it was made. */
function ageOf(request: ApiRequest, id: string): number {
  const [, issued = "", chance = "", seal] = ID.exec(id) ?? [];
  const own = sealOf(request, request.caller(), request.organization(), issued + chance);
  if (seal === own) return request.app.now() - Number.parseInt(issued, 16) * 1000;
  throw new UploadNotFoundError(
    "There is no such upload of this token for this organization. Ask for one with POST /v2/{organization}/uploads.",
  );
}

/** Without the key of the deployment, nobody can make an ID; another caller's does not fit. */
function sealOf({ app }: ApiRequest, caller: string, organization: string, rest: string): string {
  return app.fingerprint(["upload", caller, organization, rest].join("\n"));
}

function keyOf(id: string): string {
  return `uploads/${id}`;
}

function expired(why: string): UploadExpiredError {
  return new UploadExpiredError(
    `The upload has expired. ${why}. Ask for another one and send the zip again.`,
  );
}

function tooLong(bytes: number, maxBytes: number): UploadedFileError {
  return new UploadedFileError(
    `The uploaded file has ${bytes} bytes; at most ${maxBytes} are taken. Leave out what is not needed.`,
  );
}

function noBucket(): ConfigurationError {
  return new ConfigurationError(
    "This deployment has no bucket for uploads. Nothing was changed; tell an administrator.",
  );
}
