import * as errors from "../errors/index.ts";
import { body } from "./body.ts";
import { AUTHORIZED, WRITE } from "./error-sets.ts";
import type { Description, Header, Response } from "./model.ts";
import { AFTER, IDEMPOTENCY_KEY, IF_NONE_MATCH, LIMIT } from "./parameters.ts";

const ETAG: Readonly<Record<string, Header>> = {
  ETag: { description: "Names this content.", schema: { type: "string" } },
};

const NOT_MODIFIED: Response = { description: "The caller has it already.", headers: ETAG };

export const DELETE_RELEASES: Description = {
  id: "deleteReleases",
  tag: "Releases",
  summary: "Delete releases",
  description: "Deletes the release that the path names, or all of them. The repository itself stays.",
  authorized: true,
  parameters: [IDEMPOTENCY_KEY],
  answers: { 200: body("Deleted", "The releases are deleted.") },
  errors: [...WRITE, errors.QuayPackageNotFoundError],
};

export const RELEASES: Description = {
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

export const HEALTH: Description = {
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

export const ABOUT: Description = {
  id: "about",
  tag: "State",
  summary: "Ask for the version",
  description: "Tells the version of OMPS, and the release of operator-courier whose rules it follows.",
  authorized: false,
  answers: { 200: body("About", "The versions.") },
  errors: [],
};

export const DOCUMENT: Description = {
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

export const PAGE: Description = {
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

export const PACKAGE_PAGE: Description = {
  ...PAGE,
  id: "packagePage",
  summary: "Look at a package in a browser",
  description: "A page that shows what a push of a package would do, and pushes it. It uses this API only.",
};
