import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ACME, type Omps, startOmps } from "../support/omps.ts";
import { idOf, operationsOn, ZIP } from "../support/operations.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: { organizations: { acme: {}, open: { public: true } } },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const { asked, tell, queued, keys, releases, work, change } = operationsOn(() => omps);

describe("a push that nobody waits for, with an Idempotency-Key", () => {
  const key = { "idempotency-key": '"once"' };
  const refused = async (path = "/v2/acme/zipfile", content = ZIP) => {
    omps.messaging.denied.add("SendMessage pushes.fifo");
    expect(await asked(path, content, key)).toMatchObject({ status: 503, body: { error: "OMPSBusy" } });
    omps.messaging.denied.clear();
  };

  it("the same request gets the same operation", async () => {
    const first = await asked("/v2/acme/zipfile", ZIP, key);
    const second = await asked("/v2/acme/zipfile", ZIP, key);

    expect(second).toEqual(first);
    expect(queued()).toHaveLength(1);
  });

  it("a request that could not be queued is queued when it comes again, and pushed", async () => {
    await refused();
    const again = await asked("/v2/acme/zipfile", ZIP, key);

    expect(again.body).toMatchObject({ status: "queued" });
    expect(queued()).toHaveLength(1);
    expect((await tell(idOf(again))).body).toMatchObject({ status: "queued", tries: 0 });
    expect(await work()).toEqual([]);
    expect((await tell(idOf(again))).body).toMatchObject({ status: "succeeded", tries: 1 });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("SQS does not take what is asked for anew for the message that it may have already", async () => {
    omps.s3.director = async (line, perform) =>
      line.startsWith("PUT staging/answers/") && queued().length > 0 ? undefined : perform();
    const id = idOf(await asked("/v2/acme/zipfile", ZIP, key));
    omps.s3.director = undefined;
    omps.s3.ahead = 60_000;
    change(id, { status: "failed", ended: Date.now(), created: Date.now() - 1000 });

    expect(idOf(await asked("/v2/acme/zipfile", ZIP, key))).toBe(id);
    const [first, second] = queued();
    expect(second).toMatchObject({ body: first?.body });
    expect(second?.deduplicationId).not.toBe(first?.deduplicationId);
  });

  it("another request meets nothing of one that failed: neither its archive nor its organization", async () => {
    const other = packageZip({ files: { "other.yaml": "kind: Other\n" } });
    omps.s3.director = async (line, perform) =>
      line.startsWith("PUT") && line.endsWith("/state") && keys().length > 1 ? undefined : perform();
    await refused();
    const [archive = ""] = keys();
    expect(archive).toMatch(/\/archive$/);
    omps.s3.director = undefined;

    const second = idOf(await asked("/v2/open/zipfile", other, key));
    expect(archive).not.toContain(second);
    expect(omps.s3.objects.get(archive)?.content).toEqual(ZIP);
    expect(await work()).toEqual([]);
    expect(omps.quay.packages()).toEqual({ "open/etcd": { visibility: "public", releases: ["1.0.0"] } });
  });

  it("a request that was killed after it queued gets the operation that there is", async () => {
    omps.s3.director = async (line, perform) =>
      line.startsWith("PUT staging/answers/") && queued().length > 0 ? undefined : perform();
    const first = idOf(await asked("/v2/acme/zipfile", ZIP, key));
    omps.s3.director = undefined;
    await work();
    omps.s3.ahead = 60_000;

    const second = await asked("/v2/acme/zipfile", ZIP, key);

    expect(second.body).toMatchObject({ id: first, status: "succeeded" });
    expect(queued()).toHaveLength(1);
    expect(releases()).toEqual(["1.0.0"]);
  });
});
