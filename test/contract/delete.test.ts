import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ACME, ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const holding = (...releases: string[]) => ({
  ...ACME_QUAY,
  repositories: [{ name: "acme/etcd", releases }],
});
const releases = () => omps.quay.packages()["acme/etcd"]?.releases;

describe.each(["v1", "v2"])("deleting in %s", (api) => {
  it("takes away one release", async () => {
    omps.reset(holding("1.0.0", "2.0.0"));

    const answer = await omps.call("DELETE", `/${api}/acme/etcd/1.0.0`);

    expect(answer).toMatchObject({
      status: 200,
      body: { organization: "acme", repo: "etcd", deleted: ["1.0.0"] },
    });
    expect(releases()).toEqual(["2.0.0"]);
    expect(omps.ops()).toEqual(["delete"]);
  });

  it("takes away all, also those of another form, and leaves the repository", async () => {
    omps.reset(holding("1.0.0", "2.0.0-rc.1", "1.5.1-6"));

    const answer = await omps.call("DELETE", `/${api}/acme/etcd`);

    expect(answer.body["deleted"]).toEqual(["2.0.0-rc.1", "1.5.1-6", "1.0.0"]);
    expect(releases()).toEqual([]);
  });
});

describe("a delete that cannot be", () => {
  it.each([
    ["an unknown release", "/v1/acme/etcd/9.9.9", 404, "QuayPackageNotFound"],
    ["an unknown repository", "/v1/acme/nope/1.0.0", 404, "QuayPackageNotFound"],
    ["all of an unknown repository", "/v1/acme/nope", 404, "QuayPackageNotFound"],
    ["all of a repository without releases", "/v1/acme/empty", 404, "QuayPackageNotFound"],
    ["a step up", "/v1/acme/etcd/%2E%2E", 400, "OMPSInvalidVersionFormat"],
    ["a version with a query", "/v1/acme/etcd/1.0.0%3Fx=1", 400, "OMPSInvalidVersionFormat"],
    ["a version with a line break", "/v1/acme/etcd/1.0.0%0A", 400, "OMPSInvalidVersionFormat"],
    ["a repository with a query", "/v1/acme/etcd%3Fx/1.0.0", 400, "OMPSInvalidName"],
    ["an organization with a slash", "/v1/acme%2F../etcd/1.0.0", 404, "NotFound"],
  ])("%s", async (_, path, status, error) => {
    omps.reset({
      ...ACME_QUAY,
      repositories: [{ name: "acme/etcd", releases: ["1.0.0"] }, { name: "acme/empty" }],
    });

    expect(await omps.call("DELETE", path)).toMatchObject({ status, body: { status, error } });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("has no token", async () => {
    expect(await omps.call("DELETE", "/v1/acme/etcd", { authorization: undefined })).toMatchObject({
      status: 403,
      body: { error: "OMPSAuthorizationHeaderRequired" },
    });
    expect(omps.quay.requests).toEqual([]);
  });

  it("has no right to it", async () => {
    omps.reset(holding("1.0.0"));

    expect(await omps.call("DELETE", "/v1/acme/etcd/1.0.0", { authorization: ACME.stranger })).toMatchObject({
      status: 403,
      body: { error: "QuayAuthorizationError", quay_response: { error: { code: "forbidden" } } },
    });
  });

  it.each([
    ["has releases that Quay hides from it", "/v1/acme/etcd"],
    ["is not there, which looks the same", "/v1/acme/nope"],
    ["is in an unknown organization, which looks the same", "/v1/nope/etcd"],
  ])("is of all releases, for a token without the right, where the repository %s", async (_, path) => {
    omps.reset(holding("1.0.0"));

    expect(await omps.call("DELETE", path, { authorization: ACME.stranger })).toMatchObject({
      status: 404,
      body: { error: "QuayPackageNotFound" },
    });
    expect(omps.ops()).toEqual(["list", "list", "releases"]);
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("is of all releases that the token may see, but not delete", async () => {
    omps.reset({
      ...ACME_QUAY,
      repositories: [{ name: "acme/etcd", releases: ["1.0.0"], visibility: "public" }],
    });

    expect(await omps.call("DELETE", "/v1/acme/etcd", { authorization: ACME.stranger })).toMatchObject({
      status: 403,
      body: { error: "QuayAuthorizationError", quay_response: { error: { code: "forbidden" } } },
    });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("stops with 404 at a listed release that somebody else has deleted meanwhile, as 11.2 did", async () => {
    omps.reset(holding("1.0.0", "2.0.0", "3.0.0"));
    omps.quay.faults = [{ op: "delete", skip: 1, do: { status: 404, body: "" } }];

    const answer = await omps.call("DELETE", "/v1/acme/etcd");

    expect(answer).toMatchObject({ status: 404, body: { error: "QuayPackageNotFound" } });
    expect(answer.body["message"]).toContain("acme/etcd:2.0.0");
    expect(releases()).toEqual(["2.0.0", "1.0.0"]);
  });

  it("stops at the first release that fails, and says which", async () => {
    omps.reset(holding("1.0.0", "2.0.0", "3.0.0"));
    omps.quay.faults = [{ op: "delete", skip: 1, do: { status: 500, body: "" } }];

    const answer = await omps.call("DELETE", "/v1/acme/etcd");

    expect(answer).toMatchObject({ status: 500, body: { error: "QuayPackageError" } });
    expect(answer.body["message"]).toContain("acme/etcd:2.0.0");
    expect(releases()).toEqual(["2.0.0", "1.0.0"]);
  });
});

it("deletes a release that Quay has twice once for each", async () => {
  omps.reset(holding("1.0.0"));
  const doubled = [{ name: "acme/etcd", releases: ["2.0.0", "1.0.0", "1.0.0"] }];
  omps.quay.faults = [
    { op: "list", do: { status: 200, json: doubled } },
    { op: "delete", do: { status: 200, json: {} } },
  ];

  expect((await omps.call("DELETE", "/v1/acme/etcd")).body["deleted"]).toEqual(["2.0.0", "1.0.0", "1.0.0"]);
  expect(omps.ops()).toEqual(["list", "delete", "delete", "delete"]);
});
