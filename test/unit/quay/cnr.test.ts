import { describe, expect, it } from "vitest";
import {
  QuayAuthorizationError,
  QuayPackageError,
  QuayPackageNotFoundError,
  ReleaseExistsError,
} from "../../../lib/errors/index.ts";
import { MAX_QUAY_RESPONSE_BYTES } from "../../../lib/quay/answer.ts";
import { Secret } from "../../../lib/telemetry/index.ts";
import { answering, badGateway, gatewayTimeout, serverError } from "../../fakes/quay.ts";
import {
  basic,
  content,
  count,
  failure,
  holding,
  OAUTH,
  ops,
  quay,
  RELEASE,
  REPOSITORY,
  registry,
  seed,
} from "./acme.ts";

describe("listing the releases of a repository", () => {
  it("takes them from the organization's listing", async () => {
    quay.reset(holding("1.0.0", "2.0.0-rc.1"));

    expect(await registry().listVersions(REPOSITORY)).toEqual(["2.0.0-rc.1", "1.0.0"]);
    expect(ops()).toEqual(["list"]);
  });

  it("asks for the name when 100 other packages fill the listing", async () => {
    const others = Array.from({ length: 100 }, (_, index) => ({
      name: `acme/other${index}`,
      releases: ["1.0.0"],
    }));
    quay.reset({ ...seed, repositories: [...others, { name: "acme/etcd", releases: ["7.0.0"] }] });

    expect(await registry().listVersions(REPOSITORY)).toEqual(["7.0.0"]);
    expect(quay.requests.map(({ query }) => query)).toEqual([
      { namespace: "acme" },
      { namespace: "acme", query: "etcd" },
    ]);
  });

  it("asks for the package itself when 100 like-named packages fill that too", async () => {
    const others = Array.from({ length: 100 }, (_, index) => ({
      name: `acme/etcd${index}`,
      releases: ["1.0.0"],
    }));
    quay.reset({ ...seed, repositories: [...others, { name: "acme/etcd", releases: ["7.0.0", "8.0.0"] }] });

    expect((await registry().listVersions(REPOSITORY)).toSorted()).toEqual(["7.0.0", "8.0.0"]);
    expect(ops()).toEqual(["list", "list", "releases"]);
  });

  it.each([
    ["unknown", "acme+bot", seed],
    ["private and not the caller's", "acme+stranger", holding("1.0.0")],
    ["without a release", "acme+bot", holding()],
  ])("finds none where the package is %s", async (_, caller, held) => {
    quay.reset(held);

    expect(await registry(caller).listVersions(REPOSITORY)).toEqual([]);
  });

  it.each(["list", "releases"] as const)("never takes a %s that fails for a new package", async (op) => {
    quay.faults = [{ op, do: answering(gatewayTimeout) }];

    expect(await failure(registry().listVersions(REPOSITORY))).toBeInstanceOf(QuayPackageError);
  });

  it.each<[string, object]>([
    ["no JSON", { status: 200, body: "<html>" }],
    ["nothing", { status: 200, body: "" }],
    ["null", { status: 200, json: null }],
    ["an object", { status: 200, json: { packages: [] } }],
    ["items without a name", { status: 200, json: [{ releases: ["1.0.0"] }] }],
    ["a string of releases", { status: 200, json: [{ name: "acme/etcd", releases: "4.0.0" }] }],
    ["releases that are no strings", { status: 200, json: [{ name: "acme/etcd", releases: [1, null] }] }],
    ["no releases", { status: 200, json: [{ name: "acme/etcd" }] }],
    ["a status of no use", { status: 418, body: "" }],
    ["no answer", { reset: true }],
    ["half an answer", { truncate: 1 }],
  ])("fails as QuayPackageError when Quay answers %s", async (_, action) => {
    quay.faults = [{ op: "list", do: action }];

    expect(await failure(registry().listVersions(REPOSITORY))).toBeInstanceOf(QuayPackageError);
  });

  it.each([401, 403])("fails as QuayAuthorizationError with Quay's answer on %i", async (status) => {
    quay.faults = [{ op: "list", do: { status, json: { error: { code: "forbidden" } } } }];

    expect(await failure(registry().listVersions(REPOSITORY))).toMatchObject({
      error: "QuayAuthorizationError",
      details: { quay_response: { error: { code: "forbidden" } } },
    });
  });

  it("survives a failure that passes", async () => {
    quay.reset(holding("1.0.0"));
    quay.faults = [{ op: "list", times: 2, do: { reset: true } }];

    expect(await registry().listVersions(REPOSITORY)).toEqual(["1.0.0"]);
  });
});

describe("pushing a release", () => {
  it("sends the archive once, with the caller's token and its length, and is done", async () => {
    await registry().push(RELEASE, content());

    expect(quay.packages()).toEqual({ "acme/etcd": { visibility: "private", releases: ["1.0.0"] } });
    expect(quay.tarball("acme/etcd", "1.0.0")).toEqual(content().archive);
    expect(ops()).toEqual(["push"]);
    expect(quay.requests[0]).toMatchObject({
      authorization: basic("acme+bot"),
      query: {},
      body: { media_type: "helm", release: "1.0.0" },
    });
  });

  it("tells a release that is there already from other failures", async () => {
    quay.reset(holding("1.0.0"));

    const error = await failure(registry().push(RELEASE, content()));

    expect(error).toBeInstanceOf(ReleaseExistsError);
    expect(error).toMatchObject({
      error: "QuayCourierError",
      status: 500,
      details: { quay_response: { error: { code: "package-exists" } } },
    });
  });

  it.each([
    ["without rights", "acme+stranger"],
    ["with a wrong token", "nobody"],
  ])("is refused for a caller %s", async (_, caller) => {
    const error = await failure(registry(caller).push(RELEASE, content()));

    expect(error).toBeInstanceOf(QuayAuthorizationError);
    expect(error.details).toMatchObject({ quay_response: { error: { code: "forbidden" } } });
    expect(quay.packages()).toEqual({});
  });

  it("says what Quay's size limit is when the archive is over it", async () => {
    const big = { archive: Buffer.alloc(900_000, "x"), digest: "" };

    expect((await failure(registry().push(RELEASE, big))).message).toContain("limit is 1 MiB");
    expect(ops()).not.toContain("helm");
  });

  it("reports Quay's JSON also where it comes as HTML, and an empty object where there is none", async () => {
    quay.faults = [
      {
        op: "push",
        times: 1,
        do: { status: 405, contentType: "text/html", body: '{"error": "Cannot push"}' },
      },
      { op: "push", do: { status: 400, json: ["no object"] } },
    ];

    expect((await failure(registry().push(RELEASE, content()))).details).toEqual({
      quay_response: { error: "Cannot push" },
    });
    expect((await failure(registry().push(RELEASE, content()))).details).toEqual({ quay_response: {} });
  });

  it.each<[string, object]>([
    ["502", answering(badGateway)],
    ["504", answering(gatewayTimeout)],
    ["500", answering(serverError)],
    ["202", { status: 202, json: {} }],
    ["a reset", { reset: true }],
    ["a closed connection", { close: true }],
    ["half an answer", { truncate: 3 }],
  ])("looks for the release after %s: there with our content, it was pushed", async (_, action) => {
    quay.faults = [{ op: "push", times: 1, do: { ...action, after: true } }];

    await registry().push(RELEASE, content());

    expect(count("push")).toBe(1);
    expect(ops()).toContain("helm");
  });

  it("shows no answer of Quay's above 1 MiB", async () => {
    const padded = (bytes: number) => `{"pad":"${"x".repeat(bytes - '{"pad":""}'.length)}"}`;
    quay.faults = [
      { op: "push", times: 1, do: { status: 400, body: padded(MAX_QUAY_RESPONSE_BYTES) } },
      { op: "push", times: 1, do: { status: 400, body: padded(MAX_QUAY_RESPONSE_BYTES + 1) } },
      { op: "push", do: { status: 403, body: padded(MAX_QUAY_RESPONSE_BYTES + 1) } },
    ];

    const largest = await failure(registry().push(RELEASE, content()));
    const tooLarge = await failure(registry().push(RELEASE, content()));
    const denied = await failure(registry().push(RELEASE, content()));

    expect(largest.details).toEqual({ quay_response: { pad: expect.any(String) } });
    expect(tooLarge).toMatchObject({ error: "QuayCourierError", details: { quay_response: {} } });
    expect(denied).toMatchObject({ error: "QuayAuthorizationError", details: { quay_response: {} } });
  });

  it("says that Quay refused also where the status has no text of ours, and does not look", async () => {
    quay.faults = [{ op: "push", do: { status: 418, body: "" } }];

    expect((await failure(registry().push(RELEASE, content()))).message).toContain(
      "refused the push with HTTP status 418",
    );
    expect(ops()).toEqual(["push"]);
  });
});

describe("deleting a release", () => {
  it("takes away this one, and leaves the repository", async () => {
    quay.reset(holding("1.0.0", "2.0.0"));

    await registry().delete(RELEASE);

    expect(quay.packages()).toEqual({ "acme/etcd": { visibility: "private", releases: ["2.0.0"] } });
    expect(ops()).toEqual(["delete"]);
  });

  it.each([
    ["release", holding("2.0.0")],
    ["package", seed],
  ])("tells that the %s is unknown", async (_, held) => {
    quay.reset(held);

    expect(await failure(registry().delete(RELEASE))).toBeInstanceOf(QuayPackageNotFoundError);
  });

  it("is refused for a caller without rights", async () => {
    quay.reset(holding("1.0.0"));

    expect(await failure(registry("acme+stranger").delete(RELEASE))).toBeInstanceOf(QuayAuthorizationError);
    expect(quay.packages()["acme/etcd"]?.releases).toEqual(["1.0.0"]);
  });
});

describe("making a repository public", () => {
  const publish = (token = OAUTH) => registry().publish(REPOSITORY, new Secret(token));

  it("needs the organization's OAuth token, not the caller's", async () => {
    quay.reset(holding("1.0.0"));

    await publish();

    expect(quay.packages()["acme/etcd"]?.visibility).toBe("public");
    expect(quay.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${OAUTH}`]);
  });

  it("fails when Quay answers 200 with null, as for an unknown repository", async () => {
    expect(await failure(publish())).toBeInstanceOf(QuayPackageError);
  });

  it("fails with a wrong token, and does not print it", async () => {
    quay.reset(holding("1.0.0"));

    const error = await failure(publish("canary"));

    expect(error).toBeInstanceOf(QuayPackageError);
    expect(error.message).not.toContain("canary");
    expect(quay.packages()["acme/etcd"]?.visibility).toBe("private");
  });

  it("looks whether it is public after an answer that leaves it open", async () => {
    quay.reset(holding("1.0.0"));
    quay.faults = [{ op: "visibility", times: 1, do: { reset: true, after: true } }];

    await publish();

    expect(count("visibility")).toBe(1);
  });

  it("fails when it is not", async () => {
    quay.reset(holding("1.0.0"));
    quay.faults = [{ op: "visibility", do: answering(badGateway) }];

    expect(await failure(publish())).toBeInstanceOf(QuayPackageError);
    expect(count("visibility")).toBe(1);
  });
});
