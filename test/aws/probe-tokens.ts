import { describe, expect, it } from "vitest";
import { HttpClient } from "../../lib/http/index.ts";
import { MAX_TOKEN_BYTES, TokenCipher, TokenCipherError } from "../../lib/secrets/index.ts";
import { Secret } from "../../lib/telemetry/index.ts";
import type { Connected } from "./peer.ts";

/** Declares the tests of KMS: tokens are encrypted for one operation. */
export function probeTokens(peer: Connected): void {
  const cipher = (key = peer().key) => {
    const http = new HttpClient({ timeoutMs: 10_000, sleep: async () => {} });
    return new TokenCipher(http, { key, aws: peer().settings, env: {} });
  };

  describe("a token", () => {
    it.each(["basic YWNtZStib3Q6dG9rZW4=", "é日本", "x".repeat(MAX_TOKEN_BYTES)])(
      "is decrypted for the operation that it was encrypted for",
      async (token) => {
        const encrypted = await cipher().encrypt(new Secret(token), "one");

        expect(Buffer.from(encrypted, "base64").includes(token)).toBe(false);
        expect((await cipher().decrypt(encrypted, "one")).reveal()).toBe(token);
      },
    );

    it("is not decrypted for another one", async () => {
      const encrypted = await cipher().encrypt(new Secret("token"), "one");
      const failure = await cipher()
        .decrypt(encrypted, "two")
        .catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(TokenCipherError);
      expect(failure).toMatchObject({ passing: false, message: "KMS: cannot decrypt the token" });
    });

    it("that is none is not decrypted", async () => {
      const none = Buffer.from("none").toString("base64");

      await expect(cipher().decrypt(none, "one")).rejects.toMatchObject({ passing: false });
    });
  });
}
