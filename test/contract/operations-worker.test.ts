import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GATEWAY_DEADLINE_MS } from "../../lib/api/deadline.ts";
import { LEASE_MS, WORK_RESERVE_MS } from "../../lib/publish/repository-lock.ts";
import { FIRST_OPERATION_PAUSE_S, MAX_TRIES } from "../../lib/worker/index.ts";
import { form, type Omps, startOmps } from "../support/omps.ts";
import { idOf, operationsOn, ZIP } from "../support/operations.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({ config: { request_timeout: 1 } });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const { asked, tell, aside, keys, releases, work } = operationsOn(() => omps);

describe("an operation that fails", () => {
  it("for good has the error as it would have been answered", async () => {
    const bad = packageZip({ spec: "  version: 1\n" });
    const id = idOf(await asked("/v2/acme/zipfile", bad));
    expect(await work()).toEqual([]);

    const { headers, body } = form(bad);
    const direct = await omps.call("POST", "/v2/acme/zipfile", { headers, body });
    expect(direct.body).toMatchObject({ status: 400, error: "PackageValidationError" });
    expect((await tell(id)).body).toEqual({
      id,
      status: "failed",
      tries: 1,
      created: expect.any(String),
      ended: expect.any(String),
      error: direct.body,
    });
    expect(keys()).toEqual([`staging/operations/${id}/state`]);
    expect(aside()).toEqual([]);
    expect(omps.messaging.events).toMatchObject([
      { type: "omps.release.failed", detail: { operation: id, error: "PackageValidationError" } },
    ]);
  });

  it("because Quay no longer takes the token fails as that would", async () => {
    const id = idOf(await asked());
    omps.quay.faults = [{ op: "push", do: { status: 401 } }];
    await work();

    expect((await tell(id)).body).toMatchObject({
      status: "failed",
      error: { status: 403, error: "QuayAuthorizationError", quay_response: {} },
    });
    expect(releases()).toBeUndefined();
  });

  it.each([
    [1, FIRST_OPERATION_PAUSE_S],
    [2, FIRST_OPERATION_PAUSE_S * 3],
    [MAX_TRIES - 1, FIRST_OPERATION_PAUSE_S * 27],
  ])("for what may pass is tried again, soon at first: after try %i in %i s", async (tries, seconds) => {
    const id = idOf(await asked());
    omps.quay.faults = [{ op: "push", times: 1, do: { status: 502 } }];

    expect(await work({ tries })).toEqual(["message-1"]);
    expect(omps.messaging.hidden).toMatchObject([{ seconds }]);
    expect(await tell(id)).toMatchObject({
      headers: { "retry-after": "2" },
      body: { status: "queued", step: "waiting to be tried again", tries: 1 },
    });
    expect(await work({ tries: tries + 1 })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({ status: "succeeded", tries: 2 });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("without an answer of Quay, which may still be at work, keeps others out of the repository", async () => {
    const id = idOf(await asked());
    omps.quay.faults = [{ op: "push", times: 1, do: { hang: true } }];
    expect(await work()).toEqual(["message-1"]);

    const inHaste = { now: Date.now() - GATEWAY_DEADLINE_MS + WORK_RESERVE_MS - 500 };
    expect(await omps.upload("/v2/acme/zipfile", ZIP, inHaste)).toMatchObject({
      status: 503,
      body: { error: "OMPSBusy" },
    });
    expect(releases()).toBeUndefined();
    omps.s3.ahead += LEASE_MS + 1000;
    expect(await work({ tries: 2 })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({ status: "succeeded", result: { version: "1.0.0" } });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("the last time has the error, and is no dead letter", async () => {
    const id = idOf(await asked());
    omps.quay.faults = [{ op: "push", do: { status: 502 } }];

    expect(await work({ tries: MAX_TRIES })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({
      status: "failed",
      error: { error: "QuayCourierError", message: expect.stringMatching(/Request ID: message-1\.$/) },
    });
    expect(aside()).toEqual([]);
    expect(keys()).toEqual([`staging/operations/${id}/state`]);
  });

  it("because its token cannot be decrypted is tried again, and pushes nothing", async () => {
    const id = idOf(await asked());
    omps.kms.faults.set("Decrypt", "ThrottlingException");

    expect(await work()).toEqual(["message-1"]);
    omps.kms.faults.set("Decrypt", "AccessDeniedException");
    expect(await work({ tries: MAX_TRIES })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({ error: { error: "OMPSConfigurationError" } });
    expect(omps.quay.requests).toEqual([]);
  });

  it("because its archive is gone says so", async () => {
    const id = idOf(await asked());
    omps.s3.objects.delete(`staging/operations/${id}/archive`);
    await work();

    expect((await tell(id)).body).toMatchObject({ error: { status: 410, error: "OMPSUploadExpired" } });
  });
});

describe("a message", () => {
  it("that comes again when its operation has ended does nothing", async () => {
    await asked();
    await work();
    const before = omps.quay.requests.length;

    expect(await work({ tries: 2 })).toEqual([]);
    expect(omps.quay.requests).toHaveLength(before);
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("whose operation is lost is put aside", async () => {
    const id = idOf(await asked());
    omps.s3.objects.clear();

    expect(await work()).toEqual([]);
    expect(aside()).toMatchObject([
      { body: JSON.stringify({ operation: id }), attributes: { error: "OMPSOperationNotFound" } },
    ]);
    expect(omps.quay.requests).toEqual([]);
  });

  it("is tried again while S3 does not work", async () => {
    await asked();
    omps.s3.faults.add("operations/");

    expect(await work()).toEqual(["message-1"]);
    expect(omps.quay.requests).toEqual([]);
  });
});
