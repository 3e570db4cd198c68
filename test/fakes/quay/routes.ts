import { giveToken, ping } from "../registry/access.ts";
import { beginUpload, endUpload, showBlob } from "../registry/blobs.ts";
import {
  deleteManifest,
  listTags,
  putManifest,
  showManifest as showImageManifest,
} from "../registry/manifests.ts";
import { cnrJson, methodNotAllowed, routeNotFound } from "./answer.ts";
import type { Handler, PathParts } from "./call.ts";
import { listPackages, searchPackages } from "./listing.ts";
import { login } from "./login.ts";
import { listChannels, listReleases, pull, pullBlob, showManifest, showRelease } from "./reading.ts";
import {
  changeVisibility,
  deleteRepository,
  listRepositories,
  showRepository,
  showUser,
  visibilityNotReadable,
} from "./repository-api.ts";
import { deleteRelease, push } from "./writing.ts";

/** What a request is for; `unknown` where no route is. */
export type QuayOp =
  | "version"
  | "login"
  /** GET /packages */
  | "list"
  | "search"
  /** GET /packages/ORG/REPO */
  | "releases"
  /** GET /packages/ORG/REPO/RELEASE */
  | "show"
  /** GET /packages/ORG/REPO/RELEASE/helm */
  | "helm"
  | "pull"
  | "blob"
  | "channels"
  | "push"
  | "delete"
  | "visibility"
  /** /api/v1/repository and what lies below */
  | "repositories"
  | "repository"
  | "repository-delete"
  | "user"
  /** GET /v2/ */
  | "ping"
  | "token"
  | "image-blob"
  | "upload-begin"
  | "upload-end"
  | "manifest"
  | "manifest-push"
  | "manifest-delete"
  | "tags"
  | "unknown";

interface Route {
  readonly op: QuayOp;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly pattern: RegExp;
  readonly handler: Handler;
}

export interface RoutedRequest {
  readonly op: QuayOp;
  readonly path: PathParts;
  readonly handler: Handler;
}

const NO_PARTS: PathParts = {
  namespace: "",
  repo: "",
  release: "",
  mediaType: "",
  digest: "",
  reference: "",
};
const PACKAGES = "/cnr/api/v1/packages";
const PACKAGE = `${PACKAGES}/:namespace/:repo`;
const IMAGES = "/v2/:namespace/:repo";
const REPOSITORY = "/api/v1/repository";

function route(op: QuayOp, method: Route["method"], template: string, handler: Handler): Route {
  const source = template.replace(/:(\w+)/g, "(?<$1>[^/]+)");
  // Every route takes a trailing slash, except the one for logging in.
  return { op, method, pattern: new RegExp(`^${source}${op === "login" ? "" : "/?"}$`), handler };
}

/** The first that fits is taken, so `channels` and `blobs` stand before releases of any name. */
const ROUTES: readonly Route[] = [
  route("version", "GET", "/cnr/version", () => cnrJson({ "cnr-api": "0.2.7" })),
  route("login", "POST", "/cnr/api/v1/users/login", login),
  route("list", "GET", PACKAGES, listPackages),
  route("search", "GET", `${PACKAGES}/search`, searchPackages),
  route("releases", "GET", PACKAGE, listReleases),
  route("push", "POST", PACKAGE, push),
  route("channels", "GET", `${PACKAGE}/channels`, listChannels),
  route("show", "GET", `${PACKAGE}/:release`, showRelease),
  route("helm", "GET", `${PACKAGE}/:release/:mediaType`, showManifest),
  route("delete", "DELETE", `${PACKAGE}/:release/:mediaType`, deleteRelease),
  route("blob", "GET", `${PACKAGE}/blobs/sha256/:digest`, pullBlob),
  route("pull", "GET", `${PACKAGE}/:release/:mediaType/pull`, pull),
  route("visibility", "POST", `${REPOSITORY}/:namespace/:repo/changevisibility`, changeVisibility),
  route("unknown", "GET", `${REPOSITORY}/:namespace/:repo/changevisibility`, visibilityNotReadable),
  route("repositories", "GET", REPOSITORY, listRepositories),
  route("repository", "GET", `${REPOSITORY}/:namespace/:repo`, showRepository),
  route("repository-delete", "DELETE", `${REPOSITORY}/:namespace/:repo`, deleteRepository),
  route("user", "GET", "/api/v1/user", showUser),
  route("ping", "GET", "/v2", ping),
  route("token", "GET", "/v2/auth", giveToken),
  route("upload-begin", "POST", `${IMAGES}/blobs/uploads`, beginUpload),
  route("upload-end", "PUT", `${IMAGES}/blobs/uploads/:reference`, endUpload),
  route("image-blob", "GET", `${IMAGES}/blobs/:reference`, showBlob),
  route("manifest", "GET", `${IMAGES}/manifests/:reference`, showImageManifest),
  route("manifest-push", "PUT", `${IMAGES}/manifests/:reference`, putManifest),
  route("manifest-delete", "DELETE", `${IMAGES}/manifests/:reference`, deleteManifest),
  route("tags", "GET", `${IMAGES}/tags/list`, listTags),
];

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Quay decodes before it looks for a route: %2F parts like any slash. */
export function findRoute(method: string, rawPath: string): RoutedRequest {
  const path = decode(rawPath);
  const fitting = ROUTES.filter(({ pattern }) => pattern.test(path));
  const found = fitting.find((candidate) => candidate.method === (method === "HEAD" ? "GET" : method));
  if (found) {
    const { op, handler, pattern } = found;
    return { op, handler, path: { ...NO_PARTS, ...pattern.exec(path)?.groups } };
  }
  const refusal =
    fitting.length > 0 ? methodNotAllowed(fitting.map((candidate) => candidate.method)) : routeNotFound;
  return { op: "unknown", path: NO_PARTS, handler: () => refusal };
}
