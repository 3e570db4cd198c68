import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LAST_TRY_MS, OPERATION_LIFE_MS, SILENCE_MS } from "../../lib/operations/index.ts";
import { MAX_TRIES } from "../../lib/worker/index.ts";
import { ACME, type Omps, startOmps } from "../support/omps.ts";
import { idOf, operationsOn } from "../support/operations.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const { asked, tell, keys, releases, work, change } = operationsOn(() => omps);

const stateKey = (id: string) => `operations/${id}/state`;

/** Has the worker write that it runs, and nothing more. */
async function killed(tries: number): Promise<void> {
  let written = false;
  omps.s3.director = async (line, perform) => {
    if (!line.includes("operations/") || written) return line.includes("operations/") ? undefined : perform();
    written = line.startsWith("PUT");
    return perform();
  };
  omps.kms.faults.set("Decrypt", "ThrottlingException");
  expect(await work({ tries })).toEqual(["message-1"]);
  omps.kms.faults.clear();
  omps.s3.director = undefined;
}

describe("an operation whose worker died", () => {
  it("before it pushed is taken up again", async () => {
    const id = idOf(await asked());
    change(id, { status: "running", tries: 1 });

    expect(await work({ tries: 2 })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({ status: "succeeded", tries: 2 });
  });

  it("after it pushed is finished, and not pushed twice", async () => {
    const id = idOf(await asked());
    omps.s3.director = async (line, perform) => {
      const dead = line.includes("operations/") && releases() !== undefined;
      return dead ? undefined : perform();
    };
    expect(await work()).toEqual(["message-1"]);
    expect(releases()).toEqual(["1.0.0"]);
    omps.s3.director = undefined;
    expect((await tell(id)).body).toMatchObject({ status: "running" });

    expect(await work({ tries: 2 })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({ status: "succeeded", result: { version: "1.0.0" } });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("in its last try has failed, which its caller is told", async () => {
    const id = idOf(await asked());
    await killed(MAX_TRIES);
    expect((await tell(id)).body).toMatchObject({ status: "running", tries: 1 });
    omps.s3.ahead = LAST_TRY_MS + 1000;

    expect(await tell(id)).toMatchObject({
      status: 200,
      body: { id, status: "failed", tries: 1, error: { status: 500, error: "OMPSOperationLost" } },
    });
  });

  it("in a try that was not the last is not lost yet", async () => {
    const id = idOf(await asked());
    await killed(MAX_TRIES - 1);
    omps.s3.ahead = LAST_TRY_MS + 1000;

    expect((await tell(id)).body).toMatchObject({ status: "running" });
    expect(await work({ tries: MAX_TRIES })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({ status: "succeeded", tries: 2 });
  });

  it("and whose last message could not even begin it is lost when it is silent for too long", async () => {
    const id = idOf(await asked());
    await killed(1);
    omps.s3.faults.add("operations/");
    expect(await work({ tries: MAX_TRIES })).toEqual(["message-1"]);
    omps.s3.faults.clear();
    omps.s3.ahead = SILENCE_MS - 5000;
    expect((await tell(id)).body).toMatchObject({ status: "running" });
    omps.s3.ahead = SILENCE_MS + 1000;

    expect((await tell(id)).body).toMatchObject({ status: "failed", error: { error: "OMPSOperationLost" } });
  });

  it("leaves neither token nor archive once its caller was told", async () => {
    const id = idOf(await asked());
    await killed(MAX_TRIES);
    omps.s3.ahead = LAST_TRY_MS + 1000;
    const told = await tell(id);

    expect(told.body).toMatchObject({ ended: expect.any(String) });
    expect(keys()).toEqual([`staging/${stateKey(id)}`]);
    expect(omps.s3.objects.get(`staging/${stateKey(id)}`)?.content.toString()).not.toContain("token");
    expect(await tell(id)).toEqual(told);
    expect(await work()).toEqual([]);
    expect(omps.quay.requests).toEqual([]);
  });

  it("is told to be lost also where its end cannot be kept", async () => {
    const id = idOf(await asked());
    await killed(MAX_TRIES);
    omps.s3.ahead = LAST_TRY_MS + 1000;
    omps.s3.faults.add(`PUT staging/${stateKey(id)}`);

    expect((await tell(id)).body).toMatchObject({ status: "failed", error: { error: "OMPSOperationLost" } });
  });

  it("is neither told nor ended for another token", async () => {
    const id = idOf(await asked());
    await killed(MAX_TRIES);
    omps.s3.ahead = LAST_TRY_MS + 1000;

    expect(await tell(id, { authorization: ACME.stranger })).toMatchObject({ status: 404 });
    expect(keys()).toHaveLength(2);
  });

  it("is not done any more when its message comes back from the dead letters", async () => {
    const id = idOf(await asked());
    change(id, { status: "running", tries: MAX_TRIES });

    expect(await work({ queue: "aside.fifo" })).toEqual([]);
    expect((await tell(id)).body).toMatchObject({ status: "failed", error: { error: "OMPSOperationLost" } });
    expect(omps.quay.requests).toEqual([]);
    expect(keys()).toEqual([`staging/operations/${id}/state`]);
  });

  it("and that nobody took up for a day has failed, and is not done any more", async () => {
    const id = idOf(await asked());
    change(id, { created: Date.now() - OPERATION_LIFE_MS });

    expect((await tell(id)).body).toMatchObject({ status: "failed", error: { error: "OMPSOperationLost" } });
    expect(await work()).toEqual([]);
    expect(omps.quay.requests).toEqual([]);
  });
});
