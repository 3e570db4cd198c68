import type { Answer } from "../answer.ts";
import type { Caller } from "../quay/accounts.ts";
import { Refusal } from "../quay/answer.ts";
import type { Call } from "../quay/call.ts";
import type { Repository } from "../quay/repository.ts";
import { absent, registryError, unsupported } from "./answers.ts";
import type { Images } from "./images.ts";

type Action = "pull" | "push" | "delete";

/** What a token is good for. */
export interface TokenGrant {
  readonly caller: Caller;
  /** `organization/repository` */
  readonly name: string;
  readonly actions: readonly Action[];
}

const SCOPE =
  /^repository:([a-z0-9][\w.-]*)\/([a-z0-9][\w.-]*):((?:pull|push|delete)(?:,(?:pull|push|delete))*)$/;

export function originOf({ headers }: Call): string {
  return `http://${headers.host ?? "127.0.0.1"}`;
}

function challenge(call: Call, scope?: string): Readonly<Record<string, string>> {
  if (call.quay.images.authentication === "basic") return { "www-authenticate": 'Basic realm="Registry"' };
  const { host = "127.0.0.1" } = call.headers;
  const wanted = scope === undefined ? "" : `,scope="${scope}"`;
  return { "www-authenticate": `Bearer realm="${originOf(call)}/v2/auth",service="${host}"${wanted}` };
}

function unauthorized(call: Call, scope?: string): Answer {
  const message = "access to the requested resource is not authorized";
  return registryError(401, "UNAUTHORIZED", message, challenge(call, scope));
}

/** GET /v2/ */
export function ping(call: Call): Answer {
  const { authentication, greetsAll } = call.quay.images;
  const isKnown =
    greetsAll ||
    authentication === "none" ||
    (authentication === "basic" &&
      call.quay.accounts.fromBasic(call.headers.authorization).kind !== "anonymous");
  const headers = { "content-type": "application/json", "docker-distribution-api-version": "registry/2.0" };
  return isKnown ? { status: 200, headers, body: "true" } : unauthorized(call);
}

/** GET /v2/auth: what the caller may not do is left out of the token; `push` makes the repository where it may. */
export function giveToken(call: Call): Answer {
  const { quay, query, headers } = call;
  const caller = quay.accounts.fromBasic(headers.authorization);
  if (caller.kind === "anonymous" && headers.authorization !== undefined) {
    return registryError(401, "UNAUTHORIZED", "Specified credentials are invalid");
  }
  const scope = query.get("scope") ?? "";
  const [, namespace = "", repo = "", asked = ""] = SCOPE.exec(scope) ?? [];
  const wanted = asked.split(",") as Action[];
  if (asked === "" || (wanted.includes("delete") && !quay.images.knowsDeleteAccess)) {
    return registryError(400, "INVALID_REQUEST", `Unable to decode repository and actions: ${scope}`);
  }
  const existing = quay.registry.repository(namespace, repo);
  if (existing?.kind === "application") return unsupported;
  if (
    wanted.includes("push") &&
    !existing &&
    quay.rights.mayCreate(caller, namespace) &&
    caller.kind !== "anonymous"
  ) {
    quay.registry.createImages(namespace, repo, caller.name);
  }
  const actions = wanted.filter((action) =>
    quay.rights.may(caller, action === "pull" ? "read" : "write", namespace, repo),
  );
  const token = `token-${quay.tokens.size + 1}-of-the-fake`;
  quay.tokens.set(token, { caller, name: `${namespace}/${repo}`, actions });
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) };
}

function isGranted(call: Call, action: Action): boolean {
  const { quay, path, headers } = call;
  const [, token = ""] = /^bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const grant = quay.tokens.get(token);
  if (grant?.name === `${path.namespace}/${path.repo}` && grant.actions.includes(action)) return true;
  return action === "pull" && quay.registry.repository(path.namespace, path.repo)?.visibility === "public";
}

function requireGrant(call: Call, action: Action): void {
  const { namespace, repo } = call.path;
  const wanted = action === "push" ? "pull,push" : action;
  if (!isGranted(call, action)) {
    throw new Refusal(unauthorized(call, `repository:${namespace}/${repo}:${wanted}`));
  }
}

function requireUser(call: Call, action: Action): void {
  const { quay, path } = call;
  const caller = quay.accounts.fromBasic(call.headers.authorization);
  if (caller.kind === "anonymous") throw new Refusal(unauthorized(call));
  const isNew = quay.registry.repository(path.namespace, path.repo) === undefined;
  const mayMake = isNew && quay.rights.mayCreate(caller, path.namespace);
  if (mayMake || quay.rights.may(caller, action === "pull" ? "read" : "write", path.namespace, path.repo))
    return;
  throw new Refusal(registryError(403, "DENIED", "requested access to the resource is denied"));
}

/** Without tokens a repository is made by what is first written to it. */
function opened(call: Call, action: Action): Repository | undefined {
  const { quay, path } = call;
  const repository = quay.registry.repository(path.namespace, path.repo);
  if (repository || action !== "push" || quay.images.authentication === "bearer") return repository;
  const caller = quay.accounts.fromBasic(call.headers.authorization);
  return quay.registry.createImages(
    path.namespace,
    path.repo,
    caller.kind === "anonymous" ? "" : caller.name,
  );
}

/** The images of the repository, for a caller who may do this with them. */
export function imagesFor(call: Call, action: Action): Images {
  const { authentication, knowsDeleteAccess } = call.quay.images;
  const needed = action === "delete" && !knowsDeleteAccess ? "push" : action;
  if (authentication === "bearer") requireGrant(call, needed);
  if (authentication === "basic") requireUser(call, needed);
  const repository = opened(call, needed);
  if (!repository) throw new Refusal(absent(call, "NAME_UNKNOWN"));
  if (repository.kind !== "image") throw new Refusal(unsupported);
  return repository.images;
}
