import type { IncomingHttpHeaders } from "node:http";
import type { TokenGrant } from "../registry/access.ts";
import type { ImageSettings } from "../registry/settings.ts";
import type { Accounts, Caller } from "./accounts.ts";
import { type Answer, aborted, Refusal } from "./answer.ts";
import { forbidden } from "./cnr-errors.ts";
import type { PushRace } from "./push-race.ts";
import type { Registry } from "./registry.ts";
import type { Rights } from "./rights.ts";

/** The variable pieces of a route; empty where the route has none of the kind. */
export interface PathParts {
  readonly namespace: string;
  readonly repo: string;
  readonly release: string;
  readonly mediaType: string;
  readonly digest: string;
  /** Of a part of an image: a tag, a digest, or the ID of an upload. */
  readonly reference: string;
}

/** The server's side of an exchange. */
export interface Quay {
  readonly registry: Registry;
  readonly accounts: Accounts;
  readonly rights: Rights;
  readonly race: Pick<PushRace, "meetRival">;
  readonly resultsLimit: number;
  readonly images: ImageSettings;
  /** Those that were given for images. */
  readonly tokens: Map<string, TokenGrant>;
  readonly now: () => Date;
}

/** One request, and the server it came to. */
export interface Call {
  readonly quay: Quay;
  readonly path: PathParts;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

export function packageName({ path }: Call): string {
  return `${path.namespace}/${path.repo}`;
}

/** /cnr knows basic only: a Bearer is as good as nothing. */
export function cnrCaller({ quay, headers }: Call): Caller {
  return quay.accounts.fromBasic(headers.authorization);
}

function description(caller: Caller | undefined): string {
  if (caller === undefined || caller.kind === "anonymous") return "";
  return ` (authorized: ${caller.kind === "robot" ? "robot" : "user"} ${caller.name})`;
}

/** Push asks this before it looks at the credentials, so it gives no caller. */
export function refuseImageRepository({ quay, path }: Call, caller?: Caller): void {
  if (quay.registry.repository(path.namespace, path.repo)?.kind !== "image") return;
  const reason = "Cannot push an application to an image repository with the same name";
  throw new Refusal(aborted(405, reason + description(caller)));
}

/** Reading rights come before existence: a stranger cannot tell whether a package is there. */
export function requireReader(call: Call): void {
  const caller = cnrCaller(call);
  refuseImageRepository(call, caller);
  if (!call.quay.rights.may(caller, "read", call.path.namespace, call.path.repo)) {
    throw new Refusal(forbidden(packageName(call), ["pull"]));
  }
}
