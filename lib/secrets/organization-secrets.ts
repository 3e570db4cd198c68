import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import type { AwsSettings } from "../aws/index.ts";
import { ConfigurationError } from "../errors/index.ts";
import { Secret } from "../telemetry/index.ts";

/** How long a container uses a secret before it reads it again, in milliseconds. */
export const SECRET_CACHE_MS = 5 * 60 * 1000;

const secretSchema = z.object({
  /** Of an application of the organization in Quay. */
  oauth_token: z.optional(z.string()),
  /** The whole Authorization header for pushes that nobody waits for, as in `basic …`. */
  push_token: z.optional(z.string()),
});

/** The tokens of an organization; each may be absent. */
export interface OrganizationTokens {
  readonly oauthToken?: Secret;
  readonly pushToken?: Secret;
}

interface Cached {
  readonly tokens: OrganizationTokens;
  readonly until: number;
}

/** Reads the organizations' tokens from Secrets Manager: one secret each, named `<prefix><organization>`. */
export class OrganizationSecrets {
  readonly #prefix: string;
  readonly #now: () => number;
  readonly #aws: AwsSettings;
  readonly #cache = new Map<string, Cached>();
  #client: SecretsManagerClient | undefined;

  constructor(options: { prefix: string; aws?: AwsSettings; now?: () => number }) {
    this.#prefix = options.prefix;
    this.#aws = options.aws ?? {};
    this.#now = options.now ?? Date.now;
  }

  /**
   * Gives the tokens of an organization; none where it has no secret.
   *
   * @param read does the reading, where they are not cached
   * @throws ConfigurationError when the secret cannot be read or is not the JSON that it must be
   */
  async tokens(
    organization: string,
    signal: AbortSignal,
    read: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
  ): Promise<OrganizationTokens> {
    const cached = this.#cache.get(organization);
    if (cached && cached.until > this.#now()) return cached.tokens;
    const text = await read(() => this.#read(organization, signal));
    const tokens = parseTokens(text, this.#prefix + organization);
    this.#cache.set(organization, { tokens, until: this.#now() + SECRET_CACHE_MS });
    return tokens;
  }

  async #read(organization: string, signal: AbortSignal): Promise<string | undefined> {
    const name = this.#prefix + organization;
    // The SDK costs 50 ms to load, which only public organizations and pushes of notifications pay.
    const { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } = await import(
      "@aws-sdk/client-secrets-manager"
    );
    this.#client ??= new SecretsManagerClient(this.#aws);
    try {
      const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: name }), {
        abortSignal: signal,
      });
      return SecretString ?? "";
    } catch (cause) {
      if (cause instanceof ResourceNotFoundException) return undefined;
      throw new ConfigurationError(
        `The secret '${name}' cannot be read. Nothing was pushed; tell an administrator.`,
        { cause },
      );
    }
  }
}

function parseTokens(text: string | undefined, name: string): OrganizationTokens {
  if (text === undefined) return {};
  const parsed = secretSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new ConfigurationError(
      `The secret '${name}' is not JSON of the form {"oauth_token": "…", "push_token": "…"}. Nothing was pushed; tell an administrator.`,
    );
  }
  const { oauth_token: oauth, push_token: push } = parsed.data;
  return { ...(oauth && { oauthToken: new Secret(oauth) }), ...(push && { pushToken: new Secret(push) }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
