import { describe, expect, it } from "vitest";
import { UPLOAD_RETRIES } from "../../../lib/quay/image/upload.ts";
import { count, failure, IMAGE, images, quay, RELEASE, seed } from "./image-acme.ts";

const push = () => images().push(RELEASE, IMAGE);
const tags = () => quay.images()["acme/etcd"]?.tags ?? {};
const wrongDigest = { "docker-content-digest": `sha256:${"0".repeat(64)}` };
const registryError = (status: number, code: string) => ({
  status,
  json: { errors: [{ code, message: "no", detail: {} }] },
});

describe("a push that fails before the manifest", () => {
  const passing: [string, object][] = [
    ["500", { status: 500, body: "" }],
    ["502 with HTML", { status: 502, body: "<html>" }],
    ["503", registryError(503, "UNAVAILABLE")],
    ["a reset", { reset: true }],
    ["half an answer", { status: 202, body: "long", truncate: 1 }],
  ];
  const UPLOADS = ["upload-begin", "upload-end"] as const;

  it.each(passing)("uploads from the start again after %s", async (_, action) => {
    for (const op of UPLOADS) {
      quay.reset(seed);
      quay.faults = [{ op, times: UPLOAD_RETRIES, do: action }];

      await push();

      expect([count("upload-begin"), count(op)]).toEqual([2 + UPLOAD_RETRIES, 2 + UPLOAD_RETRIES]);
      expect(tags()).toEqual({ "v1.0.0": IMAGE.digest });
    }
  });

  it.each(passing)("published no release where it stays so: %s", async (_, action) => {
    for (const op of UPLOADS) {
      quay.reset(seed);
      quay.faults = [{ op, do: action }];

      const error = await failure(push());

      expect(error).toMatchObject({ error: "QuayCourierError", status: 500, remains: "nothing" });
      expect(error.message).toContain("The release acme/etcd:v1.0.0 was not published.");
      expect([count("upload-begin"), count(op)]).toEqual([1 + UPLOAD_RETRIES, 1 + UPLOAD_RETRIES]);
      expect(count("manifest-push")).toBe(0);
    }
  });

  it.each(passing)("uploads no blob again that is there in spite of %s", async (_, action) => {
    quay.faults = [{ op: "upload-end", do: { ...action, after: true } }];

    await push();

    expect([count("upload-begin"), count("upload-end")]).toEqual([2, 2]);
  });

  it("does not begin an upload again that is answered with 200", async () => {
    quay.faults = [{ op: "upload-begin", do: { status: 200, body: "" } }];

    expect(await failure(push())).toMatchObject({ error: "QuayCourierError", remains: "nothing" });
    expect([count("upload-begin"), count("manifest-push")]).toEqual([1, 0]);
  });

  it("never takes a blob for stored whose digest the registry tells otherwise", async () => {
    quay.faults = [{ op: "upload-end", do: { status: 201, body: "", headers: wrongDigest } }];

    expect(await failure(push())).toMatchObject({ error: "QuayCourierError", remains: "nothing" });
    expect(count("manifest-push")).toBe(0);
  });

  it("survives failures of questions that pass", async () => {
    quay.faults = (["ping", "token", "image-blob"] as const).map((op) => ({
      op,
      times: 2,
      do: { status: 503, body: "", headers: { "retry-after": "1" } },
    }));

    await push();

    expect(tags()).toEqual({ "v1.0.0": IMAGE.digest });
  });
});
