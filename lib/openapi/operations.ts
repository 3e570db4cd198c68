import type { FunctionName, Route } from "../api/index.ts";
import * as errors from "../errors/index.ts";
import type { AnswerName } from "./answers.ts";
import type { Description, ErrorClass, Header, Response } from "./model.ts";
import { AFTER, IDEMPOTENCY_KEY, IF_NONE_MATCH, LIMIT } from "./parameters.ts";

const ETAG: Readonly<Record<string, Header>> = {
  ETag: { description: "Names this content.", schema: { type: "string" } },
};

const NOT_MODIFIED: Response = { description: "The caller has it already.", headers: ETAG };

const AUTHORIZED: readonly ErrorClass[] = [
  errors.AuthorizationHeaderRequiredError,
  errors.InvalidNameError,
  errors.QuayAuthorizationError,
  errors.QuayPackageError,
];

const WRITE: readonly ErrorClass[] = [
  ...AUTHORIZED,
  errors.InvalidVersionFormatError,
  errors.InvalidIdempotencyKeyError,
  errors.IdempotencyKeyInUseError,
  errors.IdempotencyKeyReusedError,
  errors.BusyError,
];

const PUSH: readonly ErrorClass[] = [
  ...WRITE,
  errors.UploadedFileError,
  errors.PackageValidationError,
  errors.QuayCourierError,
  errors.ConfigurationError,
];

const KOJI: readonly ErrorClass[] = [
  errors.KojiBuildNotFoundError,
  errors.KojiNotAnOperatorImageError,
  errors.KojiArchiveNotFoundError,
  errors.KojiError,
  errors.GreenwaveUnsatisfiedError,
  errors.GreenwaveError,
];

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

const PUSH_ZIPFILE: Description = {
  id: "pushZipfile",
  tag: "Push",
  summary: "Push an uploaded zip",
  description: `Verifies the package in the zip and publishes it as a release. ${CHOSEN}`,
  authorized: true,
  parameters: [IDEMPOTENCY_KEY],
  body: {
    description: "The zip in the field `file` of a form.",
    required: true,
    content: {
      "multipart/form-data": { schema: ZIP_FILE, encoding: { file: { contentType: "application/zip" } } },
    },
  },
  answers: { 200: body("Pushed", "The release is published.") },
  errors: [...PUSH, errors.ExpectedFileError, errors.RequestEntityTooLargeError],
};

const PUSH_KOJI: Description = {
  id: "pushKoji",
  tag: "Push",
  summary: "Push a Koji build",
  description: `Fetches the manifests of a build from Koji, asks Greenwave where it is configured, verifies them and publishes them as a release. ${CHOSEN}`,
  authorized: true,
  parameters: [IDEMPOTENCY_KEY],
  answers: { 200: body("PushedBuild", "The release is published.") },
  errors: [...PUSH, ...KOJI],
};

const DELETE_RELEASES: Description = {
  id: "deleteReleases",
  tag: "Releases",
  summary: "Delete releases",
  description: "Deletes the release that the path names, or all of them. The repository itself stays.",
  authorized: true,
  parameters: [IDEMPOTENCY_KEY],
  answers: { 200: body("Deleted", "The releases are deleted.") },
  errors: [...WRITE, errors.QuayPackageNotFoundError],
};

const RELEASES: Description = {
  id: "listReleases",
  tag: "Releases",
  summary: "List releases",
  description: "Tells the releases of a repository by semantic version, the highest first.",
  authorized: true,
  parameters: [LIMIT, AFTER, IF_NONE_MATCH],
  answers: {
    200: {
      ...body("Releases", "A page of the releases."),
      headers: {
        ...ETAG,
        Link: { description: "Where the next page is.", schema: { type: "string" } },
      },
    },
    304: NOT_MODIFIED,
  },
  errors: [...AUTHORIZED, errors.InvalidParameterError, errors.QuayPackageNotFoundError],
};

const HEALTH: Description = {
  id: "checkHealth",
  tag: "State",
  summary: "Ask for the health",
  description: "Tells within 5 seconds whether Quay, Koji and, where it is configured, Greenwave work.",
  authorized: false,
  answers: {
    200: body("Health", "All services work."),
    503: body("Health", "At least one service does not work."),
  },
  errors: [],
};

const ABOUT: Description = {
  id: "about",
  tag: "State",
  summary: "Ask for the version",
  description: "Tells the version of OMPS, and the release of operator-courier whose rules it follows.",
  authorized: false,
  answers: { 200: body("About", "The versions.") },
  errors: [],
};

const DOCUMENT: Description = {
  id: "document",
  tag: "Document",
  summary: "Get this document",
  description: "The API as OpenAPI 3.1.",
  authorized: false,
  parameters: [IF_NONE_MATCH],
  answers: {
    200: {
      description: "The document.",
      headers: ETAG,
      content: { "application/json": { schema: { type: "object", required: ["openapi", "paths"] } } },
    },
    304: NOT_MODIFIED,
  },
  errors: [],
};

const PAGE: Description = {
  ...DOCUMENT,
  id: "page",
  summary: "Read this document",
  description: "The same as a page for people.",
  answers: {
    200: {
      description: "The page.",
      headers: ETAG,
      content: { "text/html": { schema: { type: "string" } } },
    },
    304: NOT_MODIFIED,
  },
};

/** What there is to say of each function's routes. */
export const DESCRIPTIONS: Readonly<Record<FunctionName, (route: Route) => Description>> = {
  "push-zipfile": () => PUSH_ZIPFILE,
  "push-koji": () => PUSH_KOJI,
  "delete-releases": () => DELETE_RELEASES,
  releases: () => RELEASES,
  health: () => HEALTH,
  about: () => ABOUT,
  docs: ({ path }) => (path === "/docs" ? PAGE : DOCUMENT),
};

function body(name: AnswerName, description: string): Response {
  return {
    description,
    content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
  };
}
