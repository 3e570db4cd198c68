import { type HttpClient, type HttpResponse, retryAfterMs } from "../../http/index.ts";
import { toldAddress } from "./address.ts";
import { Authorization, type AuthorizedRequest } from "./authorization.ts";

/** Longest answer that is read, in bytes: registries take manifests of up to 4 MiB (OCI distribution specification). */
export const MAX_REGISTRY_ANSWER_BYTES = 4 * 1024 * 1024;

/** How often a write is sent again that was refused because of too many requests: with its waits some seconds at most. */
export const BUSY_RETRIES = 4;

/**
 * What a token is asked for. On Quay a token for `push` makes the repository where it is not there, so what only
 * reads asks for less. Quay knows no `delete`: there `push` is the right to delete. Docker's registry wants it.
 */
export type Access = "pull" | "pull,push" | "pull,push,delete";

export interface RegistryWrite {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly body?: Buffer;
  readonly contentType?: string;
}

export interface ConnectionOptions {
  readonly registry: URL;
  readonly quay: URL;
  readonly caller: string;
  readonly now: () => number;
  /** `organization/repository`, as the registry knows it. */
  readonly name: string;
}

/** One repository of a registry, asked with the caller's credentials. Its methods throw as `Authorization.send`. */
export class Connection {
  readonly #http: HttpClient;
  readonly #registry: URL;
  readonly #name: string;
  readonly #authorization: Authorization;

  constructor(http: HttpClient, { registry, quay, caller, now, name }: ConnectionOptions) {
    this.#http = http;
    this.#registry = registry;
    this.#name = name;
    this.#authorization = new Authorization(http, { registry, trusted: [quay], caller, now });
  }

  /** Whether a 401 tells of wrong credentials, not of a repository that they are not for. */
  get isBasic(): boolean {
    return this.#authorization.isBasic;
  }

  /** Of a resource of the repository; the last part may have a query. */
  url(...path: readonly string[]): URL {
    const name = this.#name.split("/").map(encodeURIComponent);
    return new URL(["/v2", ...name, ...path].join("/"), this.#registry);
  }

  /** An address of the registry's own. Throws AddressError for any other. */
  told(what: string, text: string, base: URL): URL {
    return toldAddress(what, text, [this.#registry], base);
  }

  read(access: Access, url: URL, accept?: string): Promise<HttpResponse> {
    return this.#send(access, (authorization) => {
      const headers = { ...authorization, ...(accept !== undefined && { accept }) };
      return this.#http.read({ url, headers, maxBytes: MAX_REGISTRY_ANSWER_BYTES });
    });
  }

  head(access: Access, url: URL): Promise<HttpResponse> {
    return this.#send(access, (headers) => this.#http.head({ url, headers }));
  }

  /** Sends a change. Only what was refused, so that nothing was done, is sent again: after 429, or to authenticate. */
  write(access: Access, { contentType, ...call }: RegistryWrite): Promise<HttpResponse> {
    return this.#send(access, async (authorization) => {
      const headers = {
        ...authorization,
        ...(contentType !== undefined && { "content-type": contentType }),
      };
      for (let attempt = 1; ; attempt++) {
        const answer = await this.#http.write({ ...call, headers, maxBytes: MAX_REGISTRY_ANSWER_BYTES });
        if (answer.status !== 429 || attempt > BUSY_RETRIES) return answer;
        if (!(await this.pause(attempt, retryAfterMs(answer)))) return answer;
      }
    });
  }

  /** As `HttpClient.pause`. */
  pause(attempt: number, leastMs: number): Promise<boolean> {
    return this.#http.pause(attempt, leastMs);
  }

  #send(access: Access, request: AuthorizedRequest): Promise<HttpResponse> {
    return this.#authorization.send(`repository:${this.#name}:${access}`, request);
  }
}
