import { describe, expect, it } from "vitest";
import { MAX_REGISTRY_ANSWER_BYTES } from "../../../lib/quay/image/connection.ts";
import { failure, IMAGE, images, quay, RELEASE } from "./image-acme.ts";

const push = () => images().push(RELEASE, IMAGE);
const wrongDigest = { "docker-content-digest": `sha256:${"0".repeat(64)}` };
const registryError = (status: number, code: string) => ({
  status,
  json: { errors: [{ code, message: "no", detail: {} }] },
});

describe("looking for a release", () => {
  it("finds none after a 404 with any of the codes that registries have", async () => {
    for (const code of ["MANIFEST_UNKNOWN", "NAME_UNKNOWN", "TAG_EXPIRED", "NOT_FOUND"]) {
      quay.faults = [{ op: "manifest", do: registryError(404, code) }];

      expect(await images().digestOf(RELEASE)).toBeUndefined();
    }
  });

  it.each<[string, object]>([
    ["502", { status: 502, body: "" }],
    ["a 404 that is not of a registry", { status: 404, body: "<html>" }],
    ["a 404 with another JSON", { status: 404, json: { errors: "none" } }],
    ["a reset", { reset: true }],
  ])("does not take the tag for free after %s", async (_, action) => {
    quay.faults = [{ op: "manifest", do: action }];

    expect(await failure(images().digestOf(RELEASE))).toMatchObject({
      error: "QuayCourierError",
      remains: "nothing",
    });
  });

  it.each<[string, object]>([
    ["502", { status: 502, body: "<html>" }],
    ["a refusal", registryError(403, "DENIED")],
    ["a 404 of something else", { status: 404, body: "<html>" }],
    ["a reset", { reset: true }],
  ])("does not know after %s", async (_, action) => {
    await push();
    quay.faults = [{ op: "manifest", do: action }];

    expect(await images().find(RELEASE, IMAGE.digest)).toBe("unknown");
  });

  it("believes the manifest, not the header", async () => {
    await push();
    quay.faults = [{ op: "manifest", do: { status: 200, body: IMAGE.manifest, headers: wrongDigest } }];

    expect(await images().find(RELEASE, IMAGE.digest)).toBe("same");
  });

  it("reads no more than 4 MiB of an answer", async () => {
    quay.faults = [
      { op: "manifest", times: 1, do: { status: 200, body: "x".repeat(MAX_REGISTRY_ANSWER_BYTES) } },
    ];
    expect(await images().find(RELEASE, IMAGE.digest)).toBe("other");

    quay.faults = [{ op: "manifest", do: { status: 200, body: "x".repeat(MAX_REGISTRY_ANSWER_BYTES + 1) } }];
    expect(await images().find(RELEASE, IMAGE.digest)).toBe("unknown");
  });
});
