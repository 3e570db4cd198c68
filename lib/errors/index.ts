import { type JsonObject, OmpsError, type OmpsErrorOptions } from "./omps-error.ts";

export { type Json, type JsonObject, mayBeDone, OmpsError, type Remains } from "./omps-error.ts";

export class UploadedFileError extends OmpsError {
  override readonly status = 400;
  override readonly error = "OMPSUploadedFileError";
}

export class ExpectedFileError extends OmpsError {
  override readonly status = 400;
  override readonly error = "OMPSExpectedFileError";
}

export class InvalidVersionFormatError extends OmpsError {
  override readonly status = 400;
  override readonly error = "OMPSInvalidVersionFormat";
}

export class InvalidNameError extends OmpsError {
  override readonly status = 400;
  override readonly error = "OMPSInvalidName";
}

/** A parameter of the query that cannot be. */
export class InvalidParameterError extends OmpsError {
  override readonly status = 400;
  override readonly error = "OMPSInvalidParameter";
}

/** The rules' findings, as the contract's key `validation_info` shows them. */
export interface ValidationInfo {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export class PackageValidationError extends OmpsError {
  override readonly status = 400;
  override readonly error = "PackageValidationError";

  /** Empty where the rules were not reached. */
  readonly validationInfo: ValidationInfo | Readonly<Record<string, never>>;

  /** `info` is absent where the rules were not reached: the body then has an empty object. */
  constructor(message: string, info?: ValidationInfo, options?: ErrorOptions) {
    const found = info ? { errors: info.errors, warnings: info.warnings } : {};
    super(message, { ...options, details: { validation_info: found } });
    this.validationInfo = found;
  }
}

export class AuthorizationHeaderRequiredError extends OmpsError {
  override readonly status = 403;
  override readonly error = "OMPSAuthorizationHeaderRequired";
}

/** Adds the key `quay_response`: Quay's JSON object, or an empty one where it sent none. */
abstract class QuayAnswerError extends OmpsError {
  constructor(message: string, quayResponse: JsonObject = {}, options?: Omit<OmpsErrorOptions, "details">) {
    super(message, { ...options, details: { quay_response: quayResponse } });
  }
}

export class QuayAuthorizationError extends QuayAnswerError {
  override readonly status = 403;
  override readonly error = "QuayAuthorizationError";
}

export class QuayCourierError extends QuayAnswerError {
  override readonly status = 500;
  override readonly error = "QuayCourierError";
}

export class QuayPackageNotFoundError extends OmpsError {
  override readonly status = 404;
  override readonly error = "QuayPackageNotFound";
}

export class QuayPackageError extends OmpsError {
  override readonly status = 500;
  override readonly error = "QuayPackageError";
}

/** The build is there, but carries no operator manifests. */
export class KojiNotAnOperatorImageError extends OmpsError {
  override readonly status = 400;
  override readonly error = "KojiNotAnOperatorImage";
}

export class KojiBuildNotFoundError extends OmpsError {
  override readonly status = 404;
  override readonly error = "KojiNVRBuildNotFound";
}

/** The build names an archive that Koji does not have. */
export class KojiArchiveNotFoundError extends OmpsError {
  override readonly status = 500;
  override readonly error = "KojiManifestsArchiveNotFound";
}

/** Any other failure to get data from Koji. */
export class KojiError extends OmpsError {
  override readonly status = 500;
  override readonly error = "KojiError";
}

/** Adds the key `greenwave_response`: Greenwave's JSON object, or an empty one where it sent none. */
abstract class GreenwaveAnswerError extends OmpsError {
  constructor(message: string, greenwaveResponse: JsonObject = {}, options?: ErrorOptions) {
    super(message, { ...options, details: { greenwave_response: greenwaveResponse } });
  }
}

/** Greenwave's policies are against the build. */
export class GreenwaveUnsatisfiedError extends GreenwaveAnswerError {
  override readonly status = 400;
  override readonly error = "GreenwaveUnsatisfiedError";
}

/** Greenwave gave no answer that decides anything. */
export class GreenwaveError extends GreenwaveAnswerError {
  override readonly status = 500;
  override readonly error = "GreenwaveError";
}

export class RouteNotFoundError extends OmpsError {
  override readonly status = 404;
  override readonly error = "NotFound";
}

export class MethodNotAllowedError extends OmpsError {
  override readonly status = 405;
  override readonly error = "MethodNotAllowed";
}

export class RequestEntityTooLargeError extends OmpsError {
  override readonly status = 413;
  override readonly error = "RequestEntityTooLarge";
}

/** There is no such upload, or it is another caller's or organization's. */
export class UploadNotFoundError extends OmpsError {
  override readonly status = 404;
  override readonly error = "OMPSUploadNotFound";
}

/** Nothing was sent for the upload yet. */
export class UploadNotSentError extends OmpsError {
  override readonly status = 409;
  override readonly error = "OMPSUploadNotSent";
}

export class UploadExpiredError extends OmpsError {
  override readonly status = 410;
  override readonly error = "OMPSUploadExpired";
}

/** There is no such operation, or it is another caller's, or it ended too long ago. */
export class OperationNotFoundError extends OmpsError {
  override readonly status = 404;
  override readonly error = "OMPSOperationNotFound";
}

/** A push that nobody works on any more; whether it was done is not known. */
export class OperationLostError extends OmpsError {
  override readonly status = 500;
  override readonly error = "OMPSOperationLost";
}

/** A secret that cannot be read. Nothing was pushed. */
export class ConfigurationError extends OmpsError {
  override readonly status = 500;
  override readonly error = "OMPSConfigurationError";
}

/** A push that nobody waits for, to an organization that has no token for it. */
export class PushTokenRequiredError extends OmpsError {
  override readonly status = 403;
  override readonly error = "OMPSPushTokenRequired";
}

/** A message of the queue of pushes that is none. */
export class MessageFormatError extends OmpsError {
  override readonly status = 400;
  override readonly error = "OMPSInvalidMessage";
}

/** A defect of ours: the caller sees a fixed text and the request ID, the log sees the cause. */
export class InternalServerError extends OmpsError {
  override readonly status = 500;
  override readonly error = "InternalServerError";
}

/** The release is there already; nothing was changed. */
export class ReleaseExistsError extends QuayCourierError {
  override get isRefusal(): boolean {
    return true;
  }
}

/** Somebody else is working on the repository, or may still be; nothing was changed. */
export class BusyError extends OmpsError {
  override readonly status = 503;
  override readonly error = "OMPSBusy";

  override get isRefusal(): boolean {
    return this.cause === undefined;
  }
}

export class InvalidIdempotencyKeyError extends OmpsError {
  override readonly status = 400;
  override readonly error = "OMPSInvalidIdempotencyKey";
}

/** The first request with this key has no answer yet. */
export class InProgressError extends OmpsError {
  override readonly status = 409;
  override readonly error = "OMPSInProgress";
}

/** The first request with this key was another one. */
export class IdempotencyKeyReusedError extends OmpsError {
  override readonly status = 422;
  override readonly error = "OMPSIdempotencyKeyReused";
}
