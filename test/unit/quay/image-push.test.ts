import { describe, expect, it } from "vitest";
import {
  InvalidVersionFormatError,
  QuayAuthorizationError,
  QuayCourierError,
  ReleaseExistsError,
} from "../../../lib/errors/index.ts";
import { MAX_TAG_LENGTH } from "../../../lib/quay/image/tag.ts";
import { Secret } from "../../../lib/telemetry/index.ts";
import { basic, count, failure, IMAGE, images, OAUTH, ops, quay, RELEASE, REPOSITORY } from "./image-acme.ts";

const push = () => images().push(RELEASE, IMAGE);
const tags = () => quay.images()["acme/etcd"]?.tags ?? {};
const wrongDigest = { "docker-content-digest": `sha256:${"0".repeat(64)}` };
const registryError = (status: number, code: string, message = "no") => ({
  status,
  json: { errors: [{ code, message, detail: {} }] },
});

describe("pushing an image", () => {
  it("sends config and layer, and the manifest last", async () => {
    await push();

    expect(ops()).toEqual([
      "ping",
      "token",
      "image-blob",
      "upload-begin",
      "upload-end",
      "image-blob",
      "upload-begin",
      "upload-end",
      "manifest-push",
    ]);
    expect(tags()).toEqual({ "v1.0.0": IMAGE.digest });
    expect(quay.requests.at(-1)).toMatchObject({
      path: "/v2/acme/etcd/manifests/v1.0.0",
      headers: { "content-type": IMAGE.mediaType, "content-length": String(IMAGE.manifest.length) },
    });
  });

  it("goes over one connection", async () => {
    await push();

    expect(quay.openSockets()).toBe(1);
  });

  it("costs one request more for a caller who looks first, as each must", async () => {
    const registry = images();

    expect(await registry.digestOf(RELEASE)).toBeUndefined();
    await registry.push(RELEASE, IMAGE);

    expect(ops().slice(0, 4)).toEqual(["ping", "token", "manifest", "image-blob"]);
    expect([count("token"), count("manifest")]).toEqual([1, 1]);
    expect(await registry.digestOf(RELEASE)).toBe(IMAGE.digest);
  });

  it("writes to the repository that the organization's template names", async () => {
    await images({ repositoryName: (repository) => `${repository}-bundle` }).push(RELEASE, IMAGE);

    expect(Object.keys(quay.images())).toEqual(["acme/etcd-bundle"]);
  });

  it("uploads a blob again that the registry shows with another digest", async () => {
    quay.faults = [{ op: "image-blob", do: { status: 200, body: "", headers: wrongDigest } }];

    await push();

    expect(count("upload-end")).toBe(2);
  });

  it.each([
    ["a version with build metadata", "1.0.0+build"],
    ["no version", "latest"],
    ["a version that is too long", `1.0.0-${"a".repeat(MAX_TAG_LENGTH - 6)}`],
    ["a version with a number that JavaScript cannot tell from others", "1.0.9007199254740992"],
    ["a version with a v of its own", "v1.0.0"],
  ])("takes no %s, and asks for nothing", async (_, version) => {
    const release = { ...RELEASE, version };

    expect(await failure(images().push(release, IMAGE))).toBeInstanceOf(InvalidVersionFormatError);
    expect(await images().find(release, IMAGE.digest)).toBe("none");
    expect(await failure(images().delete(release))).toMatchObject({ error: "QuayPackageNotFound" });
    expect(quay.requests).toEqual([]);
  });

  it("takes a version that just fits", async () => {
    const version = `1.0.0-${"a".repeat(MAX_TAG_LENGTH - 7)}`;

    await images().push({ ...RELEASE, version }, IMAGE);

    expect(await images().listVersions(REPOSITORY)).toEqual([version]);
  });
});

describe("a push that the registry refuses", () => {
  const cases: [string, "token" | "upload-begin" | "upload-end" | "manifest-push", object, string][] = [
    ["a name", "upload-begin", registryError(400, "NAME_INVALID"), "the name of the repository"],
    ["an unknown name", "upload-begin", registryError(404, "NAME_UNKNOWN"), "does not know the repository"],
    [
      "a repository of another kind",
      "token",
      registryError(405, "UNSUPPORTED"),
      "of another kind has this name",
    ],
    ["a change, as it is read-only", "upload-begin", registryError(405, "DENIED"), "read-only"],
    ["a change, without JSON", "upload-begin", { status: 405, body: "<html>" }, "read-only"],
    [
      "a full organization",
      "upload-begin",
      registryError(403, "DENIED", "Quota has been exceed"),
      "quota is used up",
    ],
    ["what is too large", "upload-end", { status: 413, body: "<html>" }, "too large"],
    ["an upload", "upload-end", registryError(400, "BLOB_UPLOAD_INVALID"), "what was uploaded. Try again"],
    ["a digest", "upload-end", registryError(400, "DIGEST_INVALID"), "what was uploaded. Try again"],
    ["a lost blob", "manifest-push", registryError(400, "MANIFEST_BLOB_UNKNOWN"), "what was uploaded"],
    ["a manifest", "manifest-push", registryError(400, "MANIFEST_INVALID"), "media_types to docker"],
    ["an OCI image", "manifest-push", registryError(415, "MANIFEST_INVALID"), "media_types to docker"],
    ["for a plan", "upload-begin", { status: 402, body: "" }, "plan does not allow it"],
    ["for a reason of its own", "upload-begin", registryError(418, "TEAPOT"), "HTTP status 418"],
  ];

  it.each(cases)("says why for %s", async (_, op, action, text) => {
    quay.faults = [{ op, do: action }];

    const error = await failure(push());

    expect(error).toBeInstanceOf(QuayCourierError);
    expect(error).toMatchObject({ status: 500, remains: "nothing" });
    expect(error.message).toContain(text);
    expect(error.message).toContain("The release acme/etcd:v1.0.0 was not published.");
    expect(error.details).toEqual({ quay_response: "json" in action ? action.json : {} });
    expect(count(op)).toBe(1);
    expect(tags()).toEqual({});
  });

  it("says what to do on a Quay that takes no OCI images", async () => {
    quay.faults = [{ op: "manifest-push", do: registryError(415, "MANIFEST_INVALID") }];

    expect((await failure(push())).message).toMatch(/Set media_types to docker if it takes no OCI images\./);
  });

  it("takes 409 for a release that is there, as where tags cannot be moved", async () => {
    quay.faults = [{ op: "manifest-push", do: registryError(409, "TAG_ALREADY_EXISTS") }];

    expect(await failure(push())).toBeInstanceOf(ReleaseExistsError);
  });

  it.each([401, 403])("is not authorized after %i", async (status) => {
    quay.faults = [{ op: "upload-begin", do: registryError(status, "UNAUTHORIZED") }];

    const error = await failure(push());

    expect(error).toBeInstanceOf(QuayAuthorizationError);
    expect(error.details).toMatchObject({ quay_response: { errors: [{ code: "UNAUTHORIZED" }] } });
  });

  it("leaves nothing for a caller without rights", async () => {
    expect(
      await failure(images({ authorization: basic("acme+stranger") }).push(RELEASE, IMAGE)),
    ).toBeInstanceOf(QuayAuthorizationError);
    expect(quay.images()).toEqual({});
  });

  it("is one of no registry of images", async () => {
    quay.faults = [{ op: "ping", do: { status: 404, body: "<html>" } }];

    expect((await failure(push())).message).toContain("is it an image registry?");
  });
});

describe("a push whose manifest's answer leaves it open", () => {
  const unclear: [string, object, string][] = [
    ["500", { status: 500, body: "" }, "nothing"],
    ["502", { status: 502, body: "<html>" }, "unfinished"],
    ["504", { status: 504, body: "<html>" }, "unsettled"],
    ["a reset", { reset: true }, "unfinished"],
    ["another digest", { status: 201, body: "", headers: wrongDigest }, "unfinished"],
  ];

  it.each(unclear)("is done after %s when the tag has our digest", async (_, action) => {
    quay.faults = [{ op: "manifest-push", do: { ...action, after: true } }];

    await push();

    expect(count("manifest-push")).toBe(1);
    expect(ops().at(-1)).toBe("manifest");
  });

  it.each(unclear)("has failed after %s when the tag is not there", async (_, action, remains) => {
    quay.faults = [{ op: "manifest-push", do: action }];

    const error = await failure(push());

    expect(error).toMatchObject({ error: "QuayCourierError", remains });
    expect(error.message).toContain("the release is not there");
    expect(count("manifest-push")).toBe(1);
  });

  it.each(unclear)("stays unknown after %s when the tag cannot be read back", async (_, action) => {
    quay.faults = [
      { op: "manifest-push", do: { ...action, after: true } },
      { op: "manifest", do: { status: 504, body: "" } },
    ];

    const error = await failure(push());

    expect(error.message).toContain("may or may not have been pushed");
    expect(error.remains).not.toBe("nothing");
    expect(count("manifest-push")).toBe(1);
  });
});

describe("making an image repository public", () => {
  it("needs the organization's OAuth token", async () => {
    const registry = images({ repositoryName: (repository) => `${repository}-bundle` });
    await registry.push(RELEASE, IMAGE);

    await registry.publish(REPOSITORY, new Secret(OAUTH));

    expect(quay.images()["acme/etcd-bundle"]?.visibility).toBe("public");
    expect(quay.requests.at(-1)?.authorization).toBe(`Bearer ${OAUTH}`);
  });

  it("lets a stranger read it from then on, and still not write", async () => {
    await push();
    await images().publish(REPOSITORY, new Secret(OAUTH));
    const stranger = images({ authorization: basic("acme+stranger") });

    expect(await stranger.listVersions(REPOSITORY)).toEqual(["1.0.0"]);
    expect(await failure(stranger.push({ ...RELEASE, version: "2.0.0" }, IMAGE))).toBeInstanceOf(
      QuayAuthorizationError,
    );
  });
});
