import { loginThrottled, Refusal } from "./answer.ts";
import type { OAuthScope, QuaySeed, UserSeed } from "./seed.ts";

export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "user" | "robot"; readonly name: string }
  | { readonly kind: "oauth"; readonly name: string; readonly scopes: readonly OAuthScope[] };

export type Verdict = { readonly caller: Caller } | { readonly fault: string };

export type Role = "owner" | "creator" | "member";

const ANONYMOUS: Caller = { kind: "anonymous" };
const DISABLED = "This user has been disabled. Please contact your administrator.";

interface Lock {
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Who there is, what proves it, and who belongs to which organization. */
export class Accounts {
  readonly #seed: QuaySeed;
  readonly #now: () => Date;
  readonly #locks = new Map<string, Lock>();

  constructor(seed: QuaySeed, now: () => Date) {
    this.#seed = seed;
    this.#now = now;
  }

  /** Bad credentials are not reported: the request goes on as anonymous. */
  fromBasic(authorization: string | undefined): Caller {
    const [, encoded] = /^basic +(\S+)$/i.exec(authorization ?? "") ?? [];
    const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? "", "base64").toString()) ?? [];
    if (!name || password === undefined) return ANONYMOUS;
    const verdict = this.verify(name, password);
    return "caller" in verdict ? verdict.caller : ANONYMOUS;
  }

  fromBearer(authorization: string | undefined): Caller {
    const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
    const verdict = this.#verifyOAuth(token ?? "");
    return "caller" in verdict ? verdict.caller : ANONYMOUS;
  }

  verify(name: string, password: string): Verdict {
    if (name === "$oauthtoken") return this.#verifyOAuth(password);
    if (name === "$app") return this.#verifyApp(password);
    if (name.includes("+")) return this.#verifyRobot(name, password);
    return this.#verifyUser(name, password);
  }

  role(namespace: string, name: string): Role | undefined {
    if (namespace === name) return "owner";
    const organization = this.#seed.organizations?.find((candidate) => candidate.name === namespace);
    if (organization?.owners?.includes(name)) return "owner";
    if (organization?.creators?.includes(name)) return "creator";
    return organization?.members?.includes(name) ? "member" : undefined;
  }

  isOrganization(namespace: string): boolean {
    return this.#seed.organizations?.some(({ name }) => name === namespace) ?? false;
  }

  #verifyOAuth(secret: string): Verdict {
    const token = this.#seed.oauthTokens?.find((candidate) => candidate.token === secret);
    if (!token) return { fault: "OAuth access token could not be validated" };
    if (token.expired) return { fault: "OAuth access token has expired" };
    return { caller: { kind: "oauth", name: token.owner, scopes: token.scopes } };
  }

  #verifyApp(secret: string): Verdict {
    const token = this.#seed.appTokens?.find((candidate) => candidate.token === secret);
    return token ? { caller: { kind: "user", name: token.owner } } : { fault: "Invalid token" };
  }

  #verifyRobot(name: string, secret: string): Verdict {
    const robot = this.#seed.robots?.find((candidate) => candidate.name === name);
    if (!robot) return { fault: "Could not find robot with specified username" };
    if (robot.token === secret) return { caller: { kind: "robot", name } };
    return { fault: `Could not find robot with username: ${name} and supplied password.` };
  }

  #verifyUser(name: string, password: string): Verdict {
    const user = this.#seed.users?.find((candidate) => candidate.name === name || candidate.email === name);
    if (!user) return { fault: "Invalid Username or Password" };
    this.#refuseLocked(user);
    if (user.password !== password) {
      this.#countFailure(user);
      return { fault: "Invalid Username or Password" };
    }
    this.#locks.delete(user.name);
    return user.disabled ? { fault: DISABLED } : { caller: { kind: "user", name: user.name } };
  }

  #refuseLocked(user: UserSeed): void {
    const wait = (this.#locks.get(user.name)?.until ?? 0) - this.#now().getTime();
    if (wait > 0) throw new Refusal(loginThrottled(Math.floor(wait / 1000)));
  }

  #countFailure(user: UserSeed): void {
    const failures = (this.#locks.get(user.name)?.failures ?? 0) + 1;
    this.#locks.set(user.name, { failures, until: this.#now().getTime() + 500 * (2 ** failures - 1) });
  }
}
