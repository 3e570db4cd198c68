import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ACME, ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
afterAll(() => omps.close());

const many = Array.from({ length: 25 }, (_, index) => `${index + 1}.0.0`);

beforeEach(() =>
  omps.reset({
    ...ACME_QUAY,
    repositories: [
      { name: "acme/etcd", releases: ["1.0.0", "10.0.0", "2.0.0-rc.1", "2.0.0"] },
      { name: "acme/many", releases: many },
    ],
  }),
);

const versions = (body: { readonly [key: string]: unknown }) =>
  Array.isArray(body["releases"]) ? body["releases"].map((each: { version: string }) => each.version) : [];

describe("GET /v2/{organization}/{repository}/releases", () => {
  it("tells the releases of a repository, the highest semantic version first", async () => {
    const answer = await omps.call("GET", "/v2/acme/etcd/releases");

    expect(answer).toMatchObject({
      status: 200,
      body: { organization: "acme", repo: "etcd", total: 4, next: null },
    });
    expect(versions(answer.body)).toEqual(["10.0.0", "2.0.0", "2.0.0-rc.1", "1.0.0"]);
  });

  it("tells of each its digest, and when it was published", async () => {
    const { body } = await omps.call("GET", "/v2/acme/etcd/releases?limit=1");

    const digest = omps.quay.rows("acme/etcd").find(({ release }) => release === "10.0.0")?.digest;
    expect(body["releases"]).toEqual([
      { version: "10.0.0", digest, created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) },
    ]);
  });

  it("gives 20 at a time, and says where the next ones are", async () => {
    const first = await omps.call("GET", "/v2/acme/many/releases");
    const { next } = first.body;
    expect(versions(first.body)).toEqual(many.toReversed().slice(0, 20));
    expect(next).toBe("/v2/acme/many/releases?after=6.0.0");
    expect(first.headers["link"]).toBe('</v2/acme/many/releases?after=6.0.0>; rel="next"');

    const second = await omps.call("GET", String(next));
    expect(versions(second.body)).toEqual(many.toReversed().slice(20));
    expect(second.body).toMatchObject({ total: 25, next: null });
    expect(second.headers["link"]).toBeUndefined();
  });

  it("goes on in steps of the size that was asked for", async () => {
    const { body } = await omps.call("GET", "/v2/acme/many/releases?limit=2&after=20.0.0");

    expect(versions(body)).toEqual(["19.0.0", "18.0.0"]);
    expect(body["next"]).toBe("/v2/acme/many/releases?limit=2&after=18.0.0");
  });

  it("answers 304 to who has the page already, and to nobody else", async () => {
    const { headers } = await omps.call("GET", "/v2/acme/etcd/releases");
    const etag = String(headers["etag"]);

    const again = await omps.call("GET", "/v2/acme/etcd/releases", {
      headers: { "if-none-match": `"x", W/${etag}` },
    });
    expect(again).toMatchObject({ status: 304, headers: { etag } });
    const other = await omps.call("GET", "/v2/acme/etcd/releases?limit=1", {
      headers: { "if-none-match": etag },
    });
    expect(other.status).toBe(200);
  });

  it.each(["0", "101", "-1", "1.5", "x", ""])("refuses the limit %j, and asks nobody", async (limit) => {
    const answer = await omps.call("GET", `/v2/acme/etcd/releases?limit=${limit}`);

    expect(answer).toMatchObject({ status: 400, body: { error: "OMPSInvalidParameter" } });
    expect(omps.ops()).toEqual([]);
  });

  it("takes the largest limit", async () => {
    expect((await omps.call("GET", "/v2/acme/etcd/releases?limit=100")).status).toBe(200);
  });

  it("answers 404 for a repository without a release, and for one that the caller must not see", async () => {
    const notThere = await omps.call("GET", "/v2/acme/other/releases");
    const notShown = await omps.call("GET", "/v2/acme/etcd/releases", { authorization: ACME.stranger });

    for (const answer of [notThere, notShown])
      expect(answer).toMatchObject({ status: 404, body: { error: "QuayPackageNotFound" } });
  });

  it("needs an Authorization header", async () => {
    const answer = await omps.call("GET", "/v2/acme/etcd/releases", { authorization: undefined });

    expect(answer).toMatchObject({ status: 403, body: { error: "OMPSAuthorizationHeaderRequired" } });
    expect(omps.ops()).toEqual([]);
  });

  it("answers with the contract's error when Quay fails while it is asked for a release", async () => {
    omps.quay.faults = [{ op: "helm", do: { status: 500, json: {} } }];

    const answer = await omps.call("GET", "/v2/acme/etcd/releases");

    expect(answer).toMatchObject({ status: 500, body: { error: "QuayPackageError" } });
  });

  it("is not there in v1, and takes no other method", async () => {
    expect((await omps.call("GET", "/v1/acme/etcd/releases")).status).toBe(405);
    expect(await omps.call("POST", "/v2/acme/etcd/releases")).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD, DELETE" },
    });
    expect((await omps.call("GET", "/v2/acme/etcd")).status).toBe(405);
  });
});
