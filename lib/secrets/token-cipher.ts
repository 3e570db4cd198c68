import * as z from "zod/mini";
import { type AwsPlace, domainOf, endpointOf, regionOf, signedHeaders } from "../aws/index.ts";
import { answerJson, type HttpClient, UpstreamError } from "../http/index.ts";
import { Secret } from "../telemetry/index.ts";

/** Longest token that KMS encrypts, in bytes. */
export const MAX_TOKEN_BYTES = 4096;

/** How long KMS may take, in milliseconds; it needs some 10. */
const CALL_TIMEOUT_MS = 5000;

const encryptedSchema = z.object({ CiphertextBlob: z.string() });
const decryptedSchema = z.object({ Plaintext: z.string() });
const refusalSchema = z.object({ __type: z.string() });

/** What KMS answers with 400 although it may work the next time. */
const PASSING = /ThrottlingException|LimitExceededException|DependencyTimeoutException|KMSInternalException/;

/** A key of KMS, and who we are. */
export interface TokenKey extends AwsPlace {
  /** Its ARN. */
  readonly key: string;
}

/** KMS did not do what it was asked for. */
export class TokenCipherError extends Error {
  override readonly name = "TokenCipherError";
  /** Whether it may do so the next time. */
  readonly passing: boolean;

  constructor(operation: string, passing: boolean, options?: ErrorOptions) {
    super(`KMS: cannot ${operation.toLowerCase()} the token`, options);
    this.passing = passing;
  }
}

/**
 * Encrypts the token of a push that nobody waits for, with KMS itself: it is far below the 4 KB that KMS takes. What it
 * is encrypted for is bound to the operation; for another one it cannot be decrypted. Plain signed requests do, as
 * for records.
 */
export class TokenCipher {
  readonly #http: HttpClient;
  readonly #place: TokenKey;

  constructor(http: HttpClient, place: TokenKey) {
    this.#http = http.to("kms").within(CALL_TIMEOUT_MS);
    this.#place = place;
  }

  /** Gives the token encrypted, in base64. Throws TokenCipherError. */
  async encrypt(token: Secret, operation: string): Promise<string> {
    const Plaintext = Buffer.from(token.reveal()).toString("base64");
    return (await this.#ask("Encrypt", { Plaintext }, operation, encryptedSchema)).CiphertextBlob;
  }

  /** Throws TokenCipherError, also for what was encrypted for another operation. */
  async decrypt(CiphertextBlob: string, operation: string): Promise<Secret> {
    const { Plaintext } = await this.#ask("Decrypt", { CiphertextBlob }, operation, decryptedSchema);
    return new Secret(Buffer.from(Plaintext, "base64").toString());
  }

  async #ask<T extends z.ZodMiniType>(
    action: "Encrypt" | "Decrypt",
    input: object,
    operation: string,
    schema: T,
  ): Promise<z.output<T>> {
    const region = regionOf(this.#place);
    const url = new URL(endpointOf(this.#place, "KMS") ?? `https://kms.${region}.${domainOf(region)}`);
    const context = { EncryptionContext: { operation }, KeyId: this.#place.key };
    const body = Buffer.from(JSON.stringify({ ...input, ...context }));
    const type = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${action}` };
    const request = { service: "kms", method: "POST", url, headers: type, body } as const;
    const headers = await signedHeaders(this.#place, request);
    // Neither changes anything, so both may be sent again.
    const answer = await this.#http.read({ url, headers, body }).catch((cause: unknown) => {
      throw new TokenCipherError(action, true, { cause });
    });
    const answered = schema.safeParse(answer.status === 200 ? answerJson(answer) : undefined);
    if (answered.success) return answered.data;
    const { status, body: said } = answer;
    const type400 = refusalSchema.safeParse(answerJson(answer)).data?.__type ?? "";
    const cause = new UpstreamError(`KMS ${action} ${type400.slice(0, 100)}`, status, said);
    throw new TokenCipherError(action, status >= 500 || PASSING.test(type400), { cause });
  }
}
