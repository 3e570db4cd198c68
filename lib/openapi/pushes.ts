import * as errors from "../errors/index.ts";
import { body } from "./body.ts";
import { ARCHIVE, AUTHORIZED, KOJI, PUSH } from "./error-sets.ts";
import type { Description, RequestBody, Response } from "./model.ts";
import { IDEMPOTENCY_KEY, PREFER } from "./parameters.ts";

const CHOSEN =
  "Without a version in the path, the release gets the highest `<int>.<int>.<int>` release of the repository with its first number raised by one and the others zero, or `1.0.0` in a new one. Without a repository in the path, it is the package's `packageName`.";

const ZIP_FILE = {
  type: "object",
  required: ["file"],
  properties: {
    file: {
      type: "string",
      format: "binary",
      description: "The archive, sent as a file whose name ends in `.zip`.",
    },
  },
};

const ARCHIVE_BODY: RequestBody = {
  description:
    'The zip in the field `file` of a form, or the ID of one that was uploaded before: `{"upload": "…"}`.',
  required: true,
  content: {
    "multipart/form-data": { schema: ZIP_FILE, encoding: { file: { contentType: "application/zip" } } },
    "application/json": {
      schema: { type: "object", required: ["upload"], properties: { upload: { type: "string" } } },
    },
  },
};

const LATER: Response = {
  ...body("Accepted", "The push is queued, as the caller prefers."),
  headers: {
    Location: { description: "Where the operation is told.", schema: { type: "string" } },
    "Preference-Applied": { description: "`respond-async`.", schema: { type: "string" } },
    "Retry-After": { description: "Seconds after which to ask for it.", schema: { type: "string" } },
  },
};

export const PUSH_ZIPFILE: Description = {
  id: "pushZipfile",
  tag: "Push",
  summary: "Push an uploaded zip",
  description: `Verifies the package in the zip and publishes it as a release. ${CHOSEN}`,
  authorized: true,
  parameters: [IDEMPOTENCY_KEY, PREFER],
  body: ARCHIVE_BODY,
  answers: { 200: body("Pushed", "The release is published."), 202: LATER },
  errors: [...PUSH, ...ARCHIVE],
};

export const PUSH_KOJI: Description = {
  id: "pushKoji",
  tag: "Push",
  summary: "Push a Koji build",
  description: `Fetches the manifests of a build from Koji, asks Greenwave where it is configured, verifies them and publishes them as a release. ${CHOSEN}`,
  authorized: true,
  parameters: [IDEMPOTENCY_KEY, PREFER],
  answers: { 200: body("PushedBuild", "The release is published."), 202: LATER },
  errors: [...PUSH, ...KOJI, errors.RequestEntityTooLargeError],
};

export const UPLOADS: Description = {
  id: "newUpload",
  tag: "Push",
  summary: "Ask for a place for a large zip",
  description:
    "Gives a form by which one zip is uploaded, within 15 minutes and for 24 hours: send all `fields` and then the zip as `file` to `url`, and push its ID.",
  authorized: true,
  answers: { 201: body("Upload", "The place is there.") },
  errors: [errors.AuthorizationHeaderRequiredError, errors.InvalidNameError, errors.ConfigurationError],
};

export const OPERATIONS: Description = {
  id: "getOperation",
  tag: "Push",
  summary: "Ask how a queued push goes",
  description:
    "Tells the caller of a push with `Prefer: respond-async` how it goes, or for 24 hours how it has ended.",
  authorized: true,
  answers: {
    200: {
      ...body("Operation", "How the push goes, or has ended."),
      headers: {
        "Retry-After": { description: "Seconds after which to ask again.", schema: { type: "string" } },
      },
    },
  },
  errors: [errors.AuthorizationHeaderRequiredError, errors.OperationNotFoundError, errors.BusyError],
};

export const VALIDATE: Description = {
  id: "validate",
  tag: "Push",
  summary: "Ask what a push of a zip would do",
  description:
    "Does all that a push does up to the first write. With a token, it also tells which version a push would choose.",
  authorized: "optional",
  body: ARCHIVE_BODY,
  answers: { 200: body("Validation", "What a push would do, or why it would be refused.") },
  errors: [...AUTHORIZED, ...ARCHIVE, errors.InvalidVersionFormatError],
};

export const VALIDATE_KOJI: Description = {
  id: "validateKoji",
  tag: "Push",
  summary: "Ask what a push of a Koji build would do",
  description: "Does all that a push of the build does up to the first write.",
  authorized: true,
  answers: { 200: body("BuildValidation", "What a push would do, or why it would be refused.") },
  errors: [...AUTHORIZED, ...KOJI, errors.UploadedFileError, errors.InvalidVersionFormatError],
};
