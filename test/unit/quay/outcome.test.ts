import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { QuayCourierError, QuayPackageError } from "../../../lib/errors/index.ts";
import { answering, badGateway, gatewayTimeout } from "../../fakes/quay.ts";
import { content, count, failure, holding, ops, quay, RELEASE, registry, seed } from "./acme.ts";

describe("a push whose outcome Quay leaves open", () => {
  const UNKNOWN = "the release may or may not have been pushed";
  const ABSENT = "the release is not there";
  const unclear: [string, object][] = [
    ["502", answering(badGateway)],
    ["a redirect", { status: 302, body: "", headers: { location: "/cnr/version" } }],
    ["a reset", { reset: true }],
  ];

  it.each(unclear)(
    "has failed after %s when the release is not there, and is not sent twice",
    async (_, action) => {
      quay.faults = [{ op: "push", do: action }];

      const error = await failure(registry().push(RELEASE, content()));

      expect(error).toBeInstanceOf(QuayCourierError);
      expect(error.message).toContain(ABSENT);
      expect(error.message).not.toContain(UNKNOWN);
      expect(count("push")).toBe(1);
    },
  );

  it("has failed also when the package has other releases only", async () => {
    quay.reset(holding("2.0.0"));
    quay.faults = [{ op: "push", do: answering(badGateway) }];

    expect((await failure(registry().push(RELEASE, content()))).message).toContain(ABSENT);
  });

  it.each(unclear)("stays unknown after %s when the release cannot be read back", async (_, action) => {
    quay.faults = [
      { op: "push", do: { ...action, after: true } },
      { op: "helm", do: answering(gatewayTimeout) },
    ];

    const error = await failure(registry().push(RELEASE, content()));

    expect(error).toMatchObject({ error: "QuayCourierError", status: 500 });
    expect(error.message).toContain(UNKNOWN);
    expect(error.message).not.toContain(ABSENT);
    expect(count("push")).toBe(1);
  });

  it.each<[string, object]>([
    ["no answer", { reset: true }],
    ["a refusal", { status: 403, json: { error: { code: "forbidden" } } }],
    ["a 404 that is not of the registry", { status: 404, body: "<html>" }],
    ["an answer of another form", { status: 200, json: {} }],
  ])("stays unknown when %s comes instead of the release", async (_, action) => {
    quay.faults = [
      { op: "push", do: answering(badGateway) },
      { op: "helm", do: action },
    ];

    const error = await failure(registry().push(RELEASE, content()));

    expect(error).toBeInstanceOf(QuayCourierError);
    expect(error.message).toContain(UNKNOWN);
    expect(error.message).not.toContain(ABSENT);
  });

  it("stays unknown when the release has another content, which is not taken for ours", async () => {
    quay.reset({
      ...seed,
      repositories: [{ name: "acme/etcd", releases: [{ release: "1.0.0", content: gzipSync("other") }] }],
    });
    quay.faults = [{ op: "push", do: { reset: true } }];

    const error = await failure(registry().push(RELEASE, content()));

    expect(error).toBeInstanceOf(QuayCourierError);
    expect(error.message).toContain(UNKNOWN);
    expect(error.message).not.toContain(ABSENT);
  });
});

describe("a delete whose outcome Quay leaves open", () => {
  const UNKNOWN = "the release may or may not be gone";
  const PRESENT = "the release is still there";
  const unclear: [string, object][] = [
    ["502", answering(badGateway)],
    ["a reset", { reset: true }],
  ];

  it.each(unclear)("is done after %s when the release is gone, and is not sent twice", async (_, action) => {
    quay.reset(holding("1.0.0", "2.0.0"));
    quay.faults = [{ op: "delete", do: { ...action, after: true } }];

    await registry().delete(RELEASE);

    expect(count("delete")).toBe(1);
  });

  it.each(unclear)(
    "has failed after %s when the release is there, and is not sent twice",
    async (_, action) => {
      quay.reset(holding("1.0.0"));
      quay.faults = [{ op: "delete", do: action }];

      const error = await failure(registry().delete(RELEASE));

      expect(error).toBeInstanceOf(QuayPackageError);
      expect(error.message).toContain(PRESENT);
      expect(error.message).not.toContain(UNKNOWN);
      expect(count("delete")).toBe(1);
    },
  );

  it.each(unclear)("stays unknown after %s when the releases cannot be listed", async (_, action) => {
    quay.reset(holding("1.0.0"));
    quay.faults = [
      { op: "delete", do: { ...action, after: true } },
      { op: "list", do: answering(gatewayTimeout) },
    ];

    const error = await failure(registry().delete(RELEASE));

    expect(error).toMatchObject({ error: "QuayPackageError", status: 500 });
    expect(error.message).toContain(UNKNOWN);
    expect(error.message).not.toContain(PRESENT);
    expect(count("delete")).toBe(1);
  });

  it("stays unknown when the caller cannot see whether the release is gone", async () => {
    quay.reset(holding("1.0.0"));
    quay.faults = [{ op: "delete", do: answering(badGateway) }];

    const error = await failure(registry("acme+stranger").delete(RELEASE));

    expect(error).toBeInstanceOf(QuayPackageError);
    expect(error.message).toContain(UNKNOWN);
    expect(error.message).not.toContain(PRESENT);
  });

  it.each([400, 405, 429])(
    "is no such one after %i: Quay has refused it, and is not asked",
    async (status) => {
      quay.faults = [{ op: "delete", do: { status, body: "" } }];

      expect(await failure(registry().delete(RELEASE))).toBeInstanceOf(QuayPackageError);
      expect(ops()).toEqual(["delete"]);
    },
  );
});
