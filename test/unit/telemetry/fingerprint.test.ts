import { expect, it } from "vitest";
import { createFingerprint } from "../../../lib/telemetry/index.ts";

const token = "basic Y2FuYXJ5";

it("is the same for a token in all containers of a deployment, and another for another token", () => {
  const [one, two] = [createFingerprint("key"), createFingerprint("key")];

  expect(one(token)).toMatch(/^[0-9a-f]{16}$/);
  expect(two(token)).toBe(one(token));
  expect(one("basic b3RoZXI=")).not.toBe(one(token));
});

it("is another in another deployment, also where that has no key", () => {
  const all = [createFingerprint("key"), createFingerprint("other"), createFingerprint(undefined)];

  expect(new Set(all.map((fingerprint) => fingerprint(token))).size).toBe(3);
});
