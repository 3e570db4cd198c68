import type { Accounts, Caller } from "./accounts.ts";
import type { Registry } from "./registry.ts";
import type { Repository } from "./repository.ts";
import type { OAuthScope, RepositoryRight } from "./seed.ts";

const STRENGTH: Readonly<Record<RepositoryRight, number>> = { read: 1, write: 2, admin: 3 };
const SCOPES: Readonly<Record<RepositoryRight, readonly OAuthScope[]>> = {
  read: ["repo:read", "repo:write", "repo:admin"],
  write: ["repo:write", "repo:admin"],
  admin: ["repo:admin"],
};

/** Who may do what. Owners of a namespace have every right in it, on repositories that do not exist too. */
export class Rights {
  readonly #accounts: Accounts;
  readonly #registry: Registry;

  constructor(accounts: Accounts, registry: Registry) {
    this.#accounts = accounts;
    this.#registry = registry;
  }

  mayCreate(caller: Caller, namespace: string): boolean {
    if (caller.kind === "anonymous") return false;
    if (caller.kind === "oauth" && !caller.scopes.includes("repo:create")) return false;
    const role = this.#accounts.role(namespace, caller.name);
    return role === "owner" || role === "creator";
  }

  may(caller: Caller, right: RepositoryRight, namespace: string, name: string): boolean {
    const repository = this.#registry.repository(namespace, name);
    if (right === "read" && repository?.visibility === "public") return true;
    if (caller.kind === "anonymous") return false;
    if (caller.kind === "oauth" && !SCOPES[right].some((scope) => caller.scopes.includes(scope)))
      return false;
    if (this.#accounts.role(namespace, caller.name) === "owner") return true;
    const held = repository?.rights.get(caller.name);
    return held !== undefined && STRENGTH[held] >= STRENGTH[right];
  }

  /** An OAuth token lists by its user's rights, whatever its scopes. */
  mayList(caller: Caller, repository: Repository): boolean {
    return repository.visibility === "public" || this.hasPart(caller, repository);
  }

  hasPart(caller: Caller, { namespace, rights }: Repository): boolean {
    if (caller.kind === "anonymous") return false;
    return this.#accounts.role(namespace, caller.name) === "owner" || rights.has(caller.name);
  }
}
