import * as z from "zod/mini";
import * as errors from "../errors/index.ts";
import type { ErrorClass } from "./model.ts";
import { validationInfo } from "./validation-info.ts";

/** Every error that the API answers, and when. */
const ERRORS: ReadonlyMap<ErrorClass, string> = new Map<ErrorClass, string>([
  [
    errors.UploadedFileError,
    "The archive is no zip, damaged, encrypted, too big unpacked, or has unsafe names, or the filename does not end in `.zip`.",
  ],
  [errors.ExpectedFileError, "There is no field `file`, it has no filename, or the body is cut."],
  [
    errors.InvalidVersionFormatError,
    "The version is not `<int>.<int>.<int>` without leading zeros, or has over 255 characters.",
  ],
  [errors.InvalidNameError, "The organization or repository has characters that Quay never allows."],
  [errors.InvalidParameterError, "A parameter of the query cannot be."],
  [
    errors.PackageValidationError,
    "YAML or rules are broken, there is no `packageName`, or it is another one than the repository.",
  ],
  [errors.KojiNotAnOperatorImageError, "The build has no operator manifests."],
  [errors.GreenwaveUnsatisfiedError, "Greenwave's policies are not satisfied."],
  [errors.InvalidIdempotencyKeyError, "The `Idempotency-Key` is none."],
  [errors.AuthorizationHeaderRequiredError, "There is no `Authorization` header."],
  [errors.QuayAuthorizationError, "Quay does not let this token do it; wrong tokens look the same to Quay."],
  [errors.KojiBuildNotFoundError, "There is no such build, none that is complete, or it is no N-V-R."],
  [errors.QuayPackageNotFoundError, "Quay has no such release or repository, or does not show it."],
  [errors.RouteNotFoundError, "There is nothing at this path."],
  [errors.MethodNotAllowedError, "The path is known with other methods; `Allow` names them."],
  [errors.InProgressError, "The request with this `Idempotency-Key` is still being worked on."],
  [errors.RequestEntityTooLargeError, "The body is over `max_content_length`."],
  [errors.IdempotencyKeyReusedError, "This `Idempotency-Key` came with another request before."],
  [errors.QuayCourierError, "The push failed; also: the release is there already."],
  [errors.QuayPackageError, "Listing, deleting or publishing at Quay failed."],
  [errors.UploadNotFoundError, "There is no such upload, or it is another caller's or organization's."],
  [errors.UploadNotSentError, "Nothing was sent for the upload yet."],
  [errors.UploadExpiredError, "The upload is too old, or nothing was sent for it in time."],
  [errors.OperationNotFoundError, "There is no such operation of this token, or it ended over 24 hours ago."],
  [
    errors.OperationLostError,
    "The operation did not come to its end; whether its release is there, Quay tells.",
  ],
  [errors.KojiArchiveNotFoundError, "The build names an archive that is not there."],
  [errors.KojiError, "Koji cannot be asked, or the archive cannot be fetched."],
  [errors.GreenwaveError, "Greenwave gives no usable answer."],
  [errors.ConfigurationError, "The organization's secret cannot be read; nothing was pushed."],
  [errors.InternalServerError, "A defect of ours."],
  [errors.BusyError, "The repository is being worked on, or cannot be locked; nothing was changed."],
]);

/** What the contract's extra keys have. */
const DETAILS: Readonly<Record<string, z.ZodMiniType>> = {
  validation_info: validationInfo,
  quay_response: z
    .record(z.string(), z.unknown())
    .check(z.meta({ description: "Quay's answer; empty where there was none." })),
  greenwave_response: z
    .record(z.string(), z.unknown())
    .check(z.meta({ description: "Greenwave's answer; empty where there was none." })),
};

/** An error's place in the document. */
export interface DocumentedError {
  readonly id: string;
  readonly status: number;
  readonly when: string;
  readonly body: z.ZodMiniType;
}

/** The errors that the API answers, by their classes. */
export const DOCUMENTED: ReadonlyMap<ErrorClass, DocumentedError> = new Map(
  [...ERRORS].map(([type, when]) => [type, documented(type, when)]),
);

/** Throws an Error for a class whose further keys have no schema here. */
function documented(type: ErrorClass, when: string): DocumentedError {
  const { status, error, details } = new type("");
  const more = Object.keys(details).map((key): [string, z.ZodMiniType] => {
    const schema = DETAILS[key];
    if (!schema) throw new Error(`The key '${key}' of ${error} is not described.`);
    return [key, schema];
  });
  const body = z.object({
    status: z.literal(status),
    error: z.literal(error),
    message: z.string(),
    ...Object.fromEntries(more),
  });
  return { id: error, status, when, body: body.check(z.meta({ description: when })) };
}
