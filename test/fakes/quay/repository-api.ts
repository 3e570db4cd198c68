import type { Caller } from "./accounts.ts";
import { type Answer, apiJson, Refusal } from "./answer.ts";
import type { Call } from "./call.ts";
import { type Json, quoted } from "./python-json.ts";
import type { Repository } from "./repository.ts";
import { isFields, parseBody } from "./request-body.ts";
import type { RepositoryRight } from "./seed.ts";

const PAGE_SIZE = 100;
const UNPARSABLE = "The browser (or proxy) sent a request that this server could not understand.";
const SCHEMA =
  "{'description': 'Visibility which the repository will start with',\n" +
  "     'enum': ['public', 'private'],\n     'type': 'string'}";

function apiError({ headers }: Call, status: number, type: string, detail: string): Answer {
  const host = (headers.host ?? "127.0.0.1").replace(/:\d+$/, "");
  const fields = {
    detail,
    error_message: detail,
    error_type: type,
    title: type,
    type: `http://${host}/api/v1/error/${type}`,
    status,
  };
  return apiJson(fields, status);
}

function bearer({ quay, headers }: Call): Caller {
  return quay.accounts.fromBearer(headers.authorization);
}

function holds({ quay, path }: Call, caller: Caller, right: RepositoryRight): boolean {
  return quay.rights.may(caller, right, path.namespace, path.repo);
}

/** Without a good Bearer a write is taken for a browser's, which must bring a CSRF token. */
function requireAdmin(call: Call): void {
  const caller = bearer(call);
  if (caller.kind === "anonymous") {
    throw new Refusal(apiJson({ message: "CSRF token was invalid or missing." }, 403));
  }
  if (!holds(call, caller, "admin")) {
    throw new Refusal(apiError(call, 403, "insufficient_scope", "Unauthorized"));
  }
}

function requireReader(call: Call): Caller {
  const caller = bearer(call);
  if (holds(call, caller, "read")) return caller;
  throw new Refusal(
    caller.kind === "anonymous"
      ? apiError(call, 401, "invalid_token", "Requires authentication")
      : apiError(call, 403, "insufficient_scope", "Unauthorized"),
  );
}

function visibilityFault(value: unknown): string {
  if (value === undefined) return "'visibility' is a required property";
  const shown = typeof value === "string" ? quoted(value) : JSON.stringify(value);
  return (
    `${shown} is not one of ['public', 'private']\n\n` +
    `Failed validating 'enum' in schema['properties']['visibility']:\n    ${SCHEMA}\n\n` +
    `On instance['visibility']:\n    ${shown}`
  );
}

/** POST /api/v1/repository/ORG/REPO/changevisibility */
export function changeVisibility(call: Call): Answer {
  requireAdmin(call);
  if (!/^application\/json\b/i.test(call.headers["content-type"] ?? "")) {
    return apiError(call, 400, "invalid_request", "Missing JSON body");
  }
  const body = parseBody(call.body);
  if (body === undefined) return apiJson({ message: UNPARSABLE }, 400);
  const visibility = isFields(body) ? body["visibility"] : undefined;
  if (visibility !== "public" && visibility !== "private") {
    return apiError(call, 400, "invalid_request", visibilityFault(visibility));
  }

  const repository = call.quay.registry.repository(call.path.namespace, call.path.repo);
  if (!repository) return apiJson(null);
  repository.visibility = visibility;
  return apiJson({ success: true });
}

function httpDate(date: Date): string {
  return date.toUTCString().replace("GMT", "-0000");
}

/** GET /api/v1/repository/ORG/REPO */
export function showRepository(call: Call): Answer {
  const caller = requireReader(call);
  const { namespace, repo } = call.path;
  const repository = call.quay.registry.repository(namespace, repo);
  if (!repository) return apiError(call, 404, "not_found", "Not Found");
  return apiJson({
    namespace,
    name: repo,
    kind: repository.kind,
    description: null,
    is_public: repository.visibility === "public",
    is_organization: call.quay.accounts.isOrganization(namespace),
    is_starred: false,
    channels: [],
    releases: repository.live.map(({ name, pushedAt }) => ({
      name,
      last_modified: httpDate(pushedAt),
      channels: [],
    })),
    state: "NORMAL",
    is_free_account: true,
    can_write: holds(call, caller, "write"),
    can_admin: holds(call, caller, "admin"),
  });
}

/** DELETE /api/v1/repository/ORG/REPO: no complaint when there is none. */
export function deleteRepository(call: Call): Answer {
  requireAdmin(call);
  call.quay.registry.remove(call.path.namespace, call.path.repo);
  return { status: 204, headers: { "content-type": "application/json" }, body: "" };
}

function describe({ namespace, name, visibility, kind }: Repository): Json {
  return { namespace, name, description: null, is_public: visibility === "public", kind, state: "NORMAL" };
}

/** GET /api/v1/repository?namespace=ORG&repo_kind=application: the token of a page is where the next begins. */
export function listRepositories(call: Call): Answer {
  const { quay, query } = call;
  const caller = bearer(call);
  const namespace = query.get("namespace");
  const isPublicAsked = query.get("public") === "true";
  if (!namespace && !isPublicAsked) {
    const detail = "namespace, starred or public are required for this API call";
    return apiError(call, 400, "invalid_request", detail);
  }
  const start = Number(query.get("next_page") ?? 0) || 0;
  const visible = quay.registry
    .ofKind(query.get("repo_kind") === "application" ? "application" : "image")
    .filter((repository) => !namespace || repository.namespace === namespace)
    .filter(
      (repository) =>
        (isPublicAsked && repository.visibility === "public") || quay.rights.hasPart(caller, repository),
    );
  const end = start + PAGE_SIZE;
  const repositories = visible.slice(start, end).map(describe);
  return apiJson(visible.length > end ? { repositories, next_page: String(end) } : { repositories });
}

/** GET /api/v1/user/ */
export function showUser(call: Call): Answer {
  const caller = bearer(call);
  if (caller.kind === "anonymous") {
    return apiError(call, 401, "invalid_token", "Requires authentication");
  }
  return apiJson({ anonymous: false, username: caller.name });
}

/** GET /api/v1/repository/ORG/REPO/changevisibility */
export function visibilityNotReadable(call: Call): Answer {
  return apiError(call, 404, "not_found", "Not Found");
}
