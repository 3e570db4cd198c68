import * as errors from "../errors/index.ts";
import type { ErrorClass } from "./model.ts";

export const AUTHORIZED: readonly ErrorClass[] = [
  errors.AuthorizationHeaderRequiredError,
  errors.InvalidNameError,
  errors.QuayAuthorizationError,
  errors.QuayPackageError,
];

export const WRITE: readonly ErrorClass[] = [
  ...AUTHORIZED,
  errors.InvalidVersionFormatError,
  errors.InvalidIdempotencyKeyError,
  errors.InProgressError,
  errors.IdempotencyKeyReusedError,
  errors.BusyError,
];

export const PUSH: readonly ErrorClass[] = [
  ...WRITE,
  errors.UploadedFileError,
  errors.PackageValidationError,
  errors.QuayCourierError,
  errors.ConfigurationError,
];

export const KOJI: readonly ErrorClass[] = [
  errors.KojiBuildNotFoundError,
  errors.KojiNotAnOperatorImageError,
  errors.KojiArchiveNotFoundError,
  errors.KojiError,
  errors.GreenwaveUnsatisfiedError,
  errors.GreenwaveError,
];

/** Of an archive that comes with the request, or was uploaded before. */
export const ARCHIVE: readonly ErrorClass[] = [
  errors.ExpectedFileError,
  errors.UploadedFileError,
  errors.RequestEntityTooLargeError,
  errors.UploadNotFoundError,
  errors.UploadNotSentError,
  errors.UploadExpiredError,
  errors.BusyError,
  errors.ConfigurationError,
];
