import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AwsStandIn, startAws } from "../../../infra/local/aws/aws.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import { Operations } from "../../../lib/operations/index.ts";
import { Archives, Records } from "../../../lib/staging/index.ts";
import type { Timer } from "../../../lib/timer.ts";
import { OperationRun, STEP_TOLD_MS } from "../../../lib/worker/operation-run.ts";

const ID = "0".repeat(32);
const push = { organization: "acme", nvr: "etcd-1-1" };

/** What waits for its time, with the milliseconds that it waits. */
const waiting = new Map<() => void, number>();
const timer: Timer = {
  elapsed: () => 0,
  after: (milliseconds, act) => {
    waiting.set(act, milliseconds);
    return () => waiting.delete(act);
  },
};

const TRY = { timer, last: false };

let aws: AwsStandIn;
beforeAll(async () => {
  aws = await startAws();
});
beforeEach(() => {
  aws.s3.reset();
  waiting.clear();
});
afterAll(() => aws.close());

async function begun(): Promise<{ operations: Operations; run: OperationRun }> {
  const http = new HttpClient({ timeoutMs: 5000, sleep: async () => {} });
  const bucket = { aws: aws.settings, env: {}, bucket: "staging" };
  const operations = new Operations({
    records: new Records(http, bucket),
    archives: new Archives(http, bucket),
    now: () => 1000,
  });
  const stored = await operations.create({ id: ID, caller: "caller", token: "encrypted", push });
  const run = stored && (await OperationRun.begin(operations, ID, stored, TRY));
  return { operations, run: run ?? expect.fail("it did not begin") };
}

const kept = () => aws.s3.objects.get(`staging/operations/${ID}/state`)?.content.toString();

describe("a try of an operation", () => {
  it("tells a step that lasts for a second, and none that does not", async () => {
    const { run } = await begun();
    run.tell("unpack");
    run.tell("push");
    expect([...waiting.values()]).toEqual([STEP_TOLD_MS]);
    for (const act of waiting.keys()) act();

    await expect.poll(kept).toMatch(/"step":"push"/);
    expect(kept()).toMatch(/"status":"running"/);
  });

  it("ends after what it was telling, and tells no more", async () => {
    const { run } = await begun();
    run.tell("push");
    for (const act of waiting.keys()) act();
    run.tell("publish");

    expect(await run.end("succeeded", { version: "1.0.0" })).toBe(true);
    expect([...waiting.keys()]).toEqual([]);
    expect(JSON.parse(kept() ?? "")).toEqual({
      caller: "caller",
      push,
      status: "succeeded",
      tries: 1,
      created: 1000,
      ended: 1000,
      answer: { version: "1.0.0" },
    });
  });

  it("is not begun by two", async () => {
    const { operations } = await begun();
    const found = (await operations.find(ID)) ?? expect.fail("there is none");
    const tries = [0, 1].map(() => OperationRun.begin(operations, ID, found, TRY));

    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  });

  it("ends also after a write of its own whose answer was lost", async () => {
    const { run } = await begun();
    aws.s3.director = async (line, perform) => {
      if (line.startsWith("PUT")) {
        perform();
        aws.s3.director = undefined;
        return undefined;
      }
      return perform();
    };
    run.tell("push");
    for (const act of waiting.keys()) act();
    await expect.poll(kept).toMatch(/"step":"push"/);

    expect(await run.end("succeeded", { version: "1.0.0" })).toBe(true);
    expect(JSON.parse(kept() ?? "")).toMatchObject({ status: "succeeded", answer: { version: "1.0.0" } });
  });

  it("goes on telling after such a write", async () => {
    const { operations, run } = await begun();
    const found = (await operations.find(ID)) ?? expect.fail("there is none");
    await operations.save(ID, { ...found.operation, step: "unpack" }, found.tag);

    await run.postpone();
    expect(kept()).toMatch(/"status":"queued"/);
  });

  it("cannot end what somebody else has taken over", async () => {
    const { operations, run } = await begun();
    const found = (await operations.find(ID)) ?? expect.fail("there is none");
    const other = await OperationRun.begin(operations, ID, found, TRY);

    expect(await run.end("failed", {})).toBe(false);
    expect(await other?.end("succeeded", {})).toBe(true);
  });
});
