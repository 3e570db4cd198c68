import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANSWER_LIFE_MS, RUNNING_MS } from "../../lib/api/idempotency.ts";
import { answering, badGateway } from "../fakes/quay.ts";
import { ACME, type Call, form, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

/** An upload with a key; each has another boundary, as clients make them. */
function push(key: string, zip = packageZip(), path = "/v1/acme/etcd/zipfile", more: Call = {}) {
  const boundary = randomUUID();
  const { headers, body } = form(zip);
  const swap = (text: string) => text.replaceAll("XX", boundary);
  return omps.call("POST", path, {
    headers: { "content-type": swap(headers["content-type"] ?? ""), "idempotency-key": key },
    body: Buffer.from(swap(body.toString("latin1")), "latin1"),
    ...more,
  });
}

const pushes = () => omps.ops().filter((op) => op === "push").length;
const releases = () => omps.quay.packages()["acme/etcd"]?.releases ?? [];
const kept = () => [...omps.s3.objects.keys()].filter((key) => key.startsWith("staging/answers/"));

describe("a request with an Idempotency-Key", () => {
  it("that comes again gets the same answer, and is not done again", async () => {
    const first = await push('"8e03978e"');
    const second = await push('"8e03978e"');

    expect(first).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    expect(second).toEqual(first);
    expect(pushes()).toBe(1);
  });

  it("is known with and without the quotes of the key", async () => {
    await push('"8e03978e"');
    await push("8e03978e");

    expect(pushes()).toBe(1);
  });

  it("with another key, or without one, is a request of its own", async () => {
    await push("one");
    await push("two");
    await omps.upload("/v1/acme/etcd/zipfile", packageZip());

    expect(releases()).toEqual(["3.0.0", "2.0.0", "1.0.0"]);
  });

  it("is nobody else's: another caller's key of the same text is another one", async () => {
    await push("one");
    const other = await push("one", packageZip(), undefined, { authorization: ACME.stranger });

    expect(other.status).toBe(403);
  });

  it("that was refused is refused again with the same words, also when it would be done by now", async () => {
    const first = await push("one", packageZip(), "/v1/acme/etcd/zipfile/1.0");

    expect(first).toMatchObject({ status: 400, body: { error: "OMPSInvalidVersionFormat" } });
    expect(await push("one", packageZip(), "/v1/acme/etcd/zipfile/1.0")).toEqual(first);
  });

  it("that failed is done the next time", async () => {
    omps.quay.faults = [{ op: "push", times: 1, do: answering(badGateway) }];

    expect((await push("one")).status).toBe(500);
    expect(await push("one")).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it.each([
    ["another package", () => push("one", packageZip({ files: { "README.md": "# other\n" } }))],
    ["another address", () => push("one", packageZip(), "/v1/acme/etcd/zipfile/7.0.0")],
    ["another method", () => omps.call("DELETE", "/v1/acme/etcd", { headers: { "idempotency-key": "one" } })],
  ])("is refused where the key came with %s before", async (_, again) => {
    await push("one");

    expect(await again()).toMatchObject({ status: 422, body: { error: "OMPSIdempotencyKeyReused" } });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("is told to ask later while the first one is being worked on", async () => {
    await push("one");
    unanswer();

    expect(await push("one")).toMatchObject({
      status: 409,
      headers: { "retry-after": "5" },
      body: { error: "OMPSInProgress" },
    });
    expect(pushes()).toBe(1);
  });

  it("is done where the first one died", async () => {
    await push("one");
    unanswer();
    omps.s3.ahead += RUNNING_MS + 1000;

    expect((await push("one")).status).toBe(200);
    expect(pushes()).toBe(2);
  });

  it("is forgotten after a day", async () => {
    await push("one");
    omps.s3.ahead += ANSWER_LIFE_MS + 1000;

    expect(await push("one")).toMatchObject({ status: 200, body: { version: "2.0.0" } });
  });

  it("works for deletions", async () => {
    await omps.upload("/v1/acme/etcd/zipfile/1.0.0", packageZip());
    const remove = () =>
      omps.call("DELETE", "/v1/acme/etcd/1.0.0", { headers: { "idempotency-key": "bye" } });

    const first = await remove();
    expect(first).toMatchObject({ status: 200, body: { deleted: ["1.0.0"] } });
    expect(await remove()).toEqual(first);
  });

  it.each(["", "a b", "é", '"open', "x".repeat(256)])("is refused with %j, which is no key", async (key) => {
    expect(await push(key)).toMatchObject({ status: 400, body: { error: "OMPSInvalidIdempotencyKey" } });
    expect(pushes()).toBe(0);
  });

  it("changes nothing where S3 does not work", async () => {
    omps.s3.faults.add("staging/answers/");

    expect(await push("one")).toMatchObject({ status: 503, body: { error: "OMPSBusy" } });
    expect(pushes()).toBe(0);
  });

  it("leaves neither its key nor a token in S3, and nothing for requests that ask for nothing", async () => {
    await push("canary-key");
    await omps.call("GET", "/v1/about", { headers: { "idempotency-key": "canary-key" } });

    expect(kept()).toHaveLength(1);
    const all = [...omps.s3.objects].map(([key, { content }]) => `${key} ${content.toString()}`).join("\n");
    expect(all).not.toMatch(/canary/);
  });
});

/** Makes the kept answer one that is still to come. */
function unanswer(): void {
  const [key = ""] = kept();
  const object = omps.s3.objects.get(key);
  if (!object) throw new Error("no answer is kept");
  const { request } = JSON.parse(object.content.toString());
  omps.s3.objects.set(key, { ...object, content: Buffer.from(JSON.stringify({ request })) });
}
