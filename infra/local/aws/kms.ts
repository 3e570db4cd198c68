import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";
import { ACCOUNT, REGION } from "./account.ts";
import { type JsonAnswer, readCall, say } from "./json-answer.ts";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Longest text that KMS encrypts itself, in bytes. */
const MAX_PLAINTEXT_BYTES = 4096;

const contextSchema = z.optional(z.record(z.string(), z.string()));
const encryptSchema = z.object({
  KeyId: z.string(),
  Plaintext: z.base64(),
  EncryptionContext: contextSchema,
});
const decryptSchema = z.object({
  KeyId: z.string(),
  CiphertextBlob: z.base64(),
  EncryptionContext: contextSchema,
});

/** A stand-in for KMS, with the calls that the service makes. Any key that is named is there. */
export class KmsStandIn {
  /** `Operation key`, in order. */
  readonly calls: string[] = [];
  /** Operations that fail, with the type of the error that KMS would name. */
  readonly faults = new Map<string, "ThrottlingException" | "AccessDeniedException">();
  readonly #keys = new Map<string, Buffer>();

  reset(): void {
    this.calls.length = 0;
    this.faults.clear();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { operation, input } = await readCall(request);
    say(response, "1.1", this.#perform(operation, input));
  }

  #perform(operation: string, input: unknown): JsonAnswer {
    const fault = this.faults.get(operation);
    if (fault) return refusal(fault);
    if (operation === "Encrypt") return this.#encrypt(encryptSchema.parse(input));
    if (operation === "Decrypt") return this.#decrypt(decryptSchema.parse(input));
    return refusal("UnknownOperationException");
  }

  #encrypt({ KeyId, Plaintext, EncryptionContext }: z.output<typeof encryptSchema>): JsonAnswer {
    this.calls.push(`Encrypt ${KeyId}`);
    const text = Buffer.from(Plaintext, "base64");
    if (text.length === 0 || text.length > MAX_PLAINTEXT_BYTES) return refusal("ValidationException");
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key(KeyId), iv).setAAD(bound(EncryptionContext));
    const blob = Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return done(KeyId, { CiphertextBlob: blob.toString("base64") });
  }

  #decrypt({ KeyId, CiphertextBlob, EncryptionContext }: z.output<typeof decryptSchema>): JsonAnswer {
    this.calls.push(`Decrypt ${KeyId}`);
    const blob = Buffer.from(CiphertextBlob, "base64");
    if (blob.length <= IV_BYTES + TAG_BYTES) return refusal("InvalidCiphertextException");
    const cipher = createDecipheriv("aes-256-gcm", this.#key(KeyId), blob.subarray(0, IV_BYTES))
      .setAAD(bound(EncryptionContext))
      .setAuthTag(blob.subarray(-TAG_BYTES));
    try {
      const text = Buffer.concat([cipher.update(blob.subarray(IV_BYTES, -TAG_BYTES)), cipher.final()]);
      return done(KeyId, { Plaintext: text.toString("base64") });
    } catch {
      return refusal("InvalidCiphertextException");
    }
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id) ?? randomBytes(32);
    this.#keys.set(id, key);
    return key;
  }
}

/** The order of a context's members is nothing. */
function bound(context: Readonly<Record<string, string>> = {}): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function done(key: string, body: object): JsonAnswer {
  const KeyId = key.startsWith("arn:") ? key : `arn:aws:kms:${REGION}:${ACCOUNT}:key/${key}`;
  return { status: 200, body: { KeyId, ...body, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" } };
}

function refusal(__type: string): JsonAnswer {
  return { status: 400, body: { __type, message: "" } };
}
