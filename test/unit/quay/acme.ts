import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import type { OmpsError } from "../../../lib/errors/index.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import { AppRegistry } from "../../../lib/quay/index.ts";
import type { PackageArchive } from "../../../lib/release/index.ts";
import { type QuayFake, type QuayOp, type QuaySeed, startQuayFake } from "../../fakes/quay.ts";

export const OAUTH = "o".repeat(40);
export const basic = (name: string) => `basic ${Buffer.from(`${name}:secret`).toString("base64")}`;
export const REPOSITORY = { organization: "acme", repository: "etcd" };
export const RELEASE = { ...REPOSITORY, version: "1.0.0" };

export const seed: QuaySeed = {
  users: [{ name: "owner", password: "secret" }],
  robots: [
    { name: "acme+bot", token: "secret" },
    { name: "acme+stranger", token: "secret" },
  ],
  oauthTokens: [{ token: OAUTH, owner: "owner", scopes: ["repo:admin", "repo:create"] }],
  organizations: [{ name: "acme", owners: ["owner", "acme+bot"] }],
};

/** One for each file of tests; its state and faults are fresh in each test. */
export const quay: QuayFake = await startQuayFake({ seed });
let http: HttpClient;
beforeEach(() => {
  quay.reset(seed);
  quay.faults = [];
  http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {} });
});
afterEach(() => http.close());
afterAll(() => quay.close());

export const registry = (caller = "acme+bot") => new AppRegistry(http, `${quay.url}/`, basic(caller));
export const ops = () => quay.requests.map(({ op }) => op);
export const count = (op: QuayOp) => ops().filter((each) => each === op).length;

export function content(text = "content"): PackageArchive {
  return { archive: gzipSync(text), digest: createHash("sha256").update(text).digest("hex") };
}

export function holding(...releases: string[]): QuaySeed {
  return { ...seed, repositories: [{ name: "acme/etcd", releases }] };
}

export async function failure(work: Promise<unknown>): Promise<OmpsError> {
  return work.then(
    () => expect.fail("it did not fail"),
    (error: OmpsError) => error,
  );
}
