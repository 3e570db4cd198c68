import * as z from "zod/mini";
import { answerJson, type HttpClient, type HttpResponse, NetworkError } from "../../http/index.ts";
import { Secret } from "../../telemetry/index.ts";
import { denied } from "../answer.ts";
import { toldAddress } from "./address.ts";
import { unexpected } from "./answer.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import { basicCredentials } from "./credentials.ts";

/** Longest token that is taken, in characters: most servers take headers of at most 16 KiB. */
export const MAX_TOKEN_LENGTH = 12 * 1024;

/** How long a token is good whose life is not told, in seconds (the specification of token authentication). */
const DEFAULT_TOKEN_SECONDS = 60;

/** How long before its end a token is no longer used, in seconds. */
const TOKEN_MARGIN_SECONDS = 10;

const tokenSchema = z.object({
  token: z.optional(z.string()),
  access_token: z.optional(z.string()),
  expires_in: z.optional(z.number()),
});

/** What a challenge says of where tokens come from. */
const TOKEN_PARAMETERS = ["realm", "service"];

/** Where a registry has asked for nothing yet. */
const NONE: Challenge = { scheme: "none", parameters: new Map() };

type Headers = Readonly<Record<string, string>>;

/** Sends a request with these headers, as often as it is called. */
export type AuthorizedRequest = (headers: Headers) => Promise<HttpResponse>;

interface Token {
  readonly header: Secret;
  /** In milliseconds of the clock. */
  readonly until: number;
}

export interface AuthorizationOptions {
  /** Address of the registry. */
  readonly registry: URL;
  /** Other configured addresses that the caller's credentials may go to. */
  readonly trusted: readonly URL[];
  /** The caller's Authorization header. */
  readonly caller: string;
  /** Milliseconds since some moment; it never goes back. */
  readonly now: () => number;
}

/**
 * Turns the caller's credentials into what the registry wants on each request: a token for a scope (the Docker
 * registry's token authentication), the credentials themselves (Basic), or nothing.
 */
export class Authorization {
  readonly #http: HttpClient;
  readonly #options: AuthorizationOptions;
  readonly #tokens = new Map<string, Token>();
  #challenge: Challenge | undefined;

  constructor(http: HttpClient, options: AuthorizationOptions) {
    this.#http = http;
    this.#options = options;
  }

  /** Whether a 401 tells of a wrong password: where there are tokens, it tells of what the token is not for. */
  get isBasic(): boolean {
    return this.#challenge?.scheme === "basic";
  }

  /**
   * Sends a request as the registry wants it, and once more where it is refused with a challenge that is new to us:
   * registries that let all read `/v2/` tell of credentials only where they are needed.
   *
   * @param scope what a token is asked for, such as `repository:acme/etcd:pull`: ours, whatever the registry names
   * @throws QuayAuthorizationError for credentials that are none, or wrong
   * @throws UpstreamError, NetworkError (AddressError among them) or TimeoutError
   */
  async send(scope: string, request: AuthorizedRequest): Promise<HttpResponse> {
    const credentials = basicCredentials(this.#options.caller);
    this.#challenge ??= await this.#ask();
    const known = this.#challenge;
    const answer = await request(await this.#headers(known, scope, credentials));
    const told = answer.status === 401 ? challengeOf(answer) : undefined;
    if (!told || isSame(told, known)) return answer;
    this.#challenge = told;
    return request(await this.#headers(told, scope, credentials));
  }

  async #headers(challenge: Challenge, scope: string, credentials: Secret): Promise<Headers> {
    if (challenge === NONE) return {};
    if (challenge.scheme === "basic") return { authorization: credentials.reveal() };
    const key = JSON.stringify([...TOKEN_PARAMETERS.map((name) => challenge.parameters.get(name)), scope]);
    const known = this.#tokens.get(key);
    const token =
      known && known.until > this.#options.now() ? known : await this.#fetch(challenge, scope, credentials);
    this.#tokens.set(key, token);
    return { authorization: token.header.reveal() };
  }

  /** A request without credentials: its refusal tells how to bring them. */
  async #ask(): Promise<Challenge> {
    const what = "ask the registry how to authenticate";
    const answer = await this.#http.read({ url: new URL("/v2/", this.#options.registry) });
    if (answer.status === 200) return NONE;
    if (answer.status !== 401) throw unexpected(what, answer);
    const challenge = challengeOf(answer);
    if (challenge) return challenge;
    throw new NetworkError(`${what}: expected a challenge for Bearer or Basic beside its 401`);
  }

  async #fetch({ parameters }: Challenge, scope: string, credentials: Secret): Promise<Token> {
    const { registry, trusted, now } = this.#options;
    // What a registry with TLS tells never takes credentials off TLS.
    const safe = trusted.filter(({ protocol }) => protocol === "https:" || protocol === registry.protocol);
    const realm = toldAddress("its tokens", parameters.get("realm") ?? "", [registry, ...safe]);
    const service = parameters.get("service");
    if (service !== undefined) realm.searchParams.set("service", service);
    realm.searchParams.set("scope", scope);
    const began = now();
    const answer = await this.#http.read({ url: realm, headers: { authorization: credentials.reveal() } });
    return tokenOf(answer, `get a token for ${scope}`, began);
  }
}

/** The challenge to answer; undefined where there is none that we can, or they are malformed. */
function challengeOf({ headers }: HttpResponse): Challenge | undefined {
  const challenges = parseChallenges(String(headers["www-authenticate"] ?? "")) ?? [];
  return (
    challenges.find(({ scheme }) => scheme === "bearer") ??
    challenges.find(({ scheme }) => scheme === "basic")
  );
}

/** Whether the answer to both is the same: the scope and the reason that a refusal adds are not for us. */
function isSame(a: Challenge, b: Challenge): boolean {
  if (a.scheme !== b.scheme || a.scheme === "basic") return a.scheme === b.scheme;
  return TOKEN_PARAMETERS.every((name) => a.parameters.get(name) === b.parameters.get(name));
}

function tokenOf(answer: HttpResponse, what: string, began: number): Token {
  if (answer.status === 401 || answer.status === 403) throw denied(what, answer);
  if (answer.status !== 200) throw unexpected(what, answer);
  const {
    token,
    access_token,
    expires_in = DEFAULT_TOKEN_SECONDS,
  } = tokenSchema.safeParse(answerJson(answer)).data ?? {};
  const text = token ?? access_token ?? "";
  if (!/^[\x21-\x7e]+$/.test(text) || text.length > MAX_TOKEN_LENGTH) {
    throw new NetworkError(`${what}: the answer holds no usable token`);
  }
  const seconds = Math.max(expires_in, DEFAULT_TOKEN_SECONDS) - TOKEN_MARGIN_SECONDS;
  return { header: new Secret(`Bearer ${text}`), until: began + seconds * 1000 };
}
