import { describe, expect, it } from "vitest";
import {
  QuayAuthorizationError,
  QuayPackageError,
  QuayPackageNotFoundError,
} from "../../../lib/errors/index.ts";
import { BUSY_RETRIES } from "../../../lib/quay/image/connection.ts";
import { MAX_COMPARED_TAGS } from "../../../lib/quay/image/deletion.ts";
import { versionsOf } from "../../../lib/quay/image/tag.ts";
import { MAX_TAG_PAGES } from "../../../lib/quay/image/tags.ts";
import {
  basic,
  count,
  failure,
  IMAGE,
  imageOf,
  images,
  ops,
  quay,
  RELEASE,
  REPOSITORY,
} from "./image-acme.ts";

const list = () => images().listVersions(REPOSITORY);
const refused = (status: number, code: string) => ({
  status,
  json: { errors: [{ code, message: "no", detail: {} }] },
});
const page = (tags: readonly string[] | null, link?: string) => ({
  status: 200,
  json: { name: "acme/etcd", tags },
  ...(link !== undefined && { headers: { link } }),
});

describe("the versions among tags", () => {
  it("are those of a v and a semantic version, highest first", () => {
    const tags = [
      "v1.0.0",
      "latest",
      "v10.0.0",
      "v2.0.0",
      "2.5.0",
      "v1.0",
      "v01.0.0",
      "v1.0.0-01",
      "v1.0.0-",
      "v2.0.0-rc.1",
      "v2.0.0-rc.10",
      "v2.0.0-rc.2",
      "v2.0.0-rc",
      "v2.0.0-alpha",
      "v2.0.0-1",
      "V3.0.0",
      "v9007199254740992.0.0",
      "v9007199254740991.0.0",
    ];

    expect(versionsOf(tags)).toEqual([
      "9007199254740991.0.0",
      "10.0.0",
      "2.0.0",
      "2.0.0-rc.10",
      "2.0.0-rc.2",
      "2.0.0-rc.1",
      "2.0.0-rc",
      "2.0.0-alpha",
      "2.0.0-1",
      "1.0.0",
    ]);
  });
});

describe("listing the releases of an image repository", () => {
  it("asks with a token to read, which makes no repository", async () => {
    expect(await list()).toEqual([]);

    expect(quay.requests[1]?.query["scope"]).toBe("repository:acme/etcd:pull");
    expect(quay.images()).toEqual({});
  });

  it.each([
    ["no list", null],
    ["an empty list", []],
  ])("takes %s for none", async (_, tags) => {
    quay.faults = [{ op: "tags", do: page(tags) }];

    expect(await list()).toEqual([]);
  });

  it.each<[string, object]>([
    ["an unknown repository", refused(404, "NAME_UNKNOWN")],
    ["one that is unknown as Harbor tells it", refused(404, "NOT_FOUND")],
    ["one that the token is not for", refused(401, "UNAUTHORIZED")],
    ["one that is forbidden", refused(403, "DENIED")],
  ])("finds none in %s", async (_, action) => {
    quay.faults = [{ op: "tags", do: action }];

    expect(await list()).toEqual([]);
  });

  it.each<[string, object]>([
    ["502", { status: 502, body: "<html>" }],
    ["a 404 of something else", { status: 404, body: "<html>" }],
    ["a 404 with JSON of something else", { status: 404, json: { error: "Not Found" } }],
    ["a 404 that names no error", { status: 404, json: { errors: [] } }],
    ["no JSON", { status: 200, body: "<html>" }],
    ["another form", { status: 200, json: { tags: "v1.0.0" } }],
    ["no tags", { status: 200, json: {} }],
    ["a reset", { reset: true }],
    ["half an answer", { truncate: 1 }],
  ])("never takes a failure for a new repository: %s", async (_, action) => {
    quay.faults = [{ op: "tags", do: action }];

    expect(await failure(list())).toBeInstanceOf(QuayPackageError);
  });

  it("follows the links of other registries too", async () => {
    quay.faults = [
      { op: "tags", times: 1, do: page(["v1.0.0"], "</v2/acme/etcd/tags/list?last=a%2Bb>; rel=next") },
      { op: "tags", do: page(["v2.0.0"]) },
    ];

    expect(await list()).toEqual(["2.0.0", "1.0.0"]);
    expect(quay.requests.at(-1)?.query).toEqual({ last: "a+b" });
  });

  it("reads a hundred pages, and gives up on a listing without an end", async () => {
    const endless = page(["v1.0.0"], '<?n=100&last=v1.0.0>; rel="next"');
    quay.faults = [
      { op: "tags", times: MAX_TAG_PAGES - 1, do: endless },
      { op: "tags", times: 1, do: page(["v2.0.0"]) },
      { op: "tags", do: endless },
    ];

    expect(await list()).toHaveLength(MAX_TAG_PAGES);
    expect(await failure(list())).toBeInstanceOf(QuayPackageError);
    expect(count("tags")).toBe(2 * MAX_TAG_PAGES);
  });
});

describe("deleting a tag", () => {
  const remove = () => images().delete(RELEASE);
  const push = (version = "1.0.0", text = "content") => images().push({ ...RELEASE, version }, imageOf(text));
  const tags = () => Object.keys(quay.images()["acme/etcd"]?.tags ?? {});
  const BY_DIGEST = { op: "manifest-delete", match: "/v1.0.0", do: refused(400, "DIGEST_INVALID") } as const;

  it("looks first, and makes no repository that is not there", async () => {
    expect(await failure(remove())).toBeInstanceOf(QuayPackageNotFoundError);

    expect(ops()).toEqual(["ping", "token", "manifest"]);
    expect(quay.images()).toEqual({});
  });

  it("is refused for a caller without rights", async () => {
    await push();

    const error = await failure(images({ authorization: basic("acme+stranger") }).delete(RELEASE));

    expect(error).toBeInstanceOf(QuayAuthorizationError);
    expect(tags()).toEqual(["v1.0.0"]);
  });

  it.each<[string, object]>([
    ["400 with DIGEST_INVALID", refused(400, "DIGEST_INVALID")],
    ["400 with UNSUPPORTED", refused(400, "UNSUPPORTED")],
    ["405 with UNSUPPORTED", refused(405, "UNSUPPORTED")],
    ["405 with HTML, as Quay had it", { status: 405, body: "<html>" }],
  ])("goes by digest after %s", async (_, action) => {
    await push();
    await push("2.0.0", "other");
    quay.faults = [{ ...BY_DIGEST, do: action }];

    await remove();

    expect(tags()).toEqual(["v2.0.0"]);
    expect(quay.requests.at(-1)?.path).toBe(`/v2/acme/etcd/manifests/${IMAGE.digest}`);
  });

  it("by digest is refused where another tag would be gone too, which it names", async () => {
    await push();
    await push("2.0.0");
    quay.faults = [BY_DIGEST];

    const error = await failure(remove());

    expect(error).toMatchObject({ error: "QuayPackageError", remains: "nothing" });
    expect(error.message).toContain("the tag v2.0.0 would be gone too");
    expect(count("manifest-delete")).toBe(1);
  });

  it.each([
    ["a hundred others are looked at", MAX_COMPARED_TAGS, true],
    ["it is refused with more", MAX_COMPARED_TAGS + 1, false],
  ])("by digest: %s", async (_, others, done) => {
    await push();
    const names = Array.from({ length: others }, (_each, index) => `other-${index}`);
    quay.faults = [BY_DIGEST, { op: "tags", do: page(["v1.0.0", ...names]) }];

    if (done) await remove();
    else expect((await failure(remove())).message).toContain(`too many tags (${others})`);

    expect(count("manifest-delete")).toBe(done ? 2 : 1);
  });

  it("by digest is refused where another tag cannot be looked at", async () => {
    await push();
    await push("2.0.0", "other");
    quay.faults = [BY_DIGEST, { op: "manifest", match: "v2.0.0", do: { status: 502, body: "" } }];

    expect(await failure(remove())).toBeInstanceOf(QuayPackageError);
    expect(tags()).toEqual(["v1.0.0", "v2.0.0"]);
  });

  it("is refused by a registry that takes no changes", async () => {
    await push();
    quay.faults = [{ op: "manifest-delete", do: refused(405, "DENIED") }];

    expect(await failure(remove())).toBeInstanceOf(QuayPackageError);
    expect(count("manifest-delete")).toBe(1);
  });

  it("has failed where the registry knows no such address, while the tag is there", async () => {
    await push();
    quay.faults = [{ op: "manifest-delete", do: refused(404, "NOT_FOUND") }];

    expect(await failure(remove())).toMatchObject({ error: "QuayPackageError", remains: "nothing" });
    expect(tags()).toEqual(["v1.0.0"]);
  });

  it("finds none where somebody else was faster", async () => {
    await push();
    quay.faults = [{ op: "manifest-delete", do: { ...refused(404, "NOT_FOUND"), after: true } }];

    expect(await failure(remove())).toBeInstanceOf(QuayPackageNotFoundError);
  });

  it("is tried again after too many requests, a few times, and then says when to come back", async () => {
    const busy = { ...refused(429, "TOOMANYREQUESTS"), headers: { "retry-after": "7" } };
    await push();
    quay.faults = [{ op: "manifest-delete", do: busy }];
    expect(await failure(remove())).toMatchObject({
      error: "QuayPackageError",
      headers: { "retry-after": "7" },
      remains: "nothing",
    });
    expect([tags(), count("manifest-delete")]).toEqual([["v1.0.0"], 1 + BUSY_RETRIES]);

    quay.faults = [{ op: "manifest-delete", times: BUSY_RETRIES, do: busy }];
    await remove();
    expect(tags()).toEqual([]);
  });

  it.each<[string, object]>([
    ["502", { status: 502, body: "" }],
    ["a reset", { reset: true }],
  ])("is done after %s when the tag is gone, and is not sent twice", async (_, action) => {
    await push();
    quay.faults = [{ op: "manifest-delete", do: { ...action, after: true } }];

    await remove();

    expect([tags(), count("manifest-delete")]).toEqual([[], 1]);
  });

  it("has failed when it is still there, and stays unknown when it cannot be looked for", async () => {
    await push();
    quay.faults = [{ op: "manifest-delete", do: { reset: true } }];
    expect(await failure(remove())).toMatchObject({
      error: "QuayPackageError",
      message: expect.stringContaining("is still there"),
      remains: "unfinished",
    });

    const looks = count("manifest");
    quay.faults = [
      { op: "manifest-delete", do: { reset: true } },
      { op: "manifest", skip: 1, do: { status: 502, body: "" } },
    ];
    expect((await failure(remove())).message).toContain("may or may not be gone");
    expect(count("manifest")).toBeGreaterThan(looks);
  });
});
