import { GetSecretValueCommand, ResourceNotFoundException } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { Connected } from "./peer.ts";

/** Declares the tests of Secrets Manager. */
export function probeSecrets(peer: Connected): void {
  const read = (SecretId: string) => peer().secretsManager.send(new GetSecretValueCommand({ SecretId }));

  describe("a secret", () => {
    it.each(["omps/probe", "omps/a+b_c=d.e@f-g"])("is read by its name, %s", async (name) => {
      const text = JSON.stringify({ oauth_token: `of ${name}, with "quotes" and é` });
      await peer().addSecret(name, text);

      expect(await read(name)).toMatchObject({ Name: name, SecretString: text });
    });

    it("may be any text", async () => {
      await peer().addSecret("omps/text", "no JSON");

      expect((await read("omps/text")).SecretString).toBe("no JSON");
    });

    it("that is not there is ResourceNotFoundException, also where its name is the start of another", async () => {
      await peer().addSecret("omps/longer", "{}");

      await expect(read("omps/none")).rejects.toBeInstanceOf(ResourceNotFoundException);
      await expect(read("omps/long")).rejects.toBeInstanceOf(ResourceNotFoundException);
    });
  });
}
