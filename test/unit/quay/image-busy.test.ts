import { describe, expect, it } from "vitest";
import { BUSY_RETRIES } from "../../../lib/quay/image/connection.ts";
import { RETRY_AFTER_S } from "../../../lib/quay/image/refusal.ts";
import { count, failure, IMAGE, images, ops, quay, RELEASE, seed } from "./image-acme.ts";

const push = () => images().push(RELEASE, IMAGE);
const tags = () => quay.images()["acme/etcd"]?.tags ?? {};
const registryError = (status: number, code: string) => ({
  status,
  json: { errors: [{ code, message: "no", detail: {} }] },
});

describe("a push to a registry with too many requests", () => {
  const WRITES = ["upload-begin", "upload-end", "manifest-push"] as const;
  const busy = (headers = {}) => ({ ...registryError(429, "TOOMANYREQUESTS"), headers });

  it.each(WRITES)("is sent again, for nothing was done: %s", async (op) => {
    quay.faults = [{ op, times: BUSY_RETRIES, do: busy() }];

    await push();

    expect(count(op)).toBe((op === "manifest-push" ? 1 : 2) + BUSY_RETRIES);
    expect(tags()).toEqual({ "v1.0.0": IMAGE.digest });
  });

  it.each(WRITES)("ends after a few tries, and says when to come back: %s", async (op) => {
    for (const [action, seconds] of [
      [busy({ "retry-after": "7" }), 7],
      [busy(), RETRY_AFTER_S],
      [{ status: 429, body: "<html>" }, RETRY_AFTER_S],
    ] as const) {
      quay.reset(seed);
      quay.faults = [{ op, do: action }];

      const error = await failure(push());

      expect(error).toMatchObject({ error: "QuayCourierError", status: 500, remains: "nothing" });
      expect(error.headers).toEqual({ "retry-after": String(seconds) });
      expect(error.message).toContain("too many requests");
      expect([count(op), tags()]).toEqual([1 + BUSY_RETRIES, {}]);
    }
  });

  it("waits as long as the registry says, else longer each time", async () => {
    const waits: number[] = [];
    quay.faults = [
      { op: "upload-begin", times: 1, do: busy({ "retry-after": "3" }) },
      { op: "manifest-push", times: 2, do: busy() },
    ];

    await images(
      {},
      { random: () => 0.5, sleep: async (milliseconds) => void waits.push(milliseconds) },
    ).push(RELEASE, IMAGE);

    expect(waits).toEqual([3000, 100, 200]);
  });

  it("is not waited for longer than there is time", async () => {
    quay.faults = [{ op: "manifest-push", do: busy({ "retry-after": "600" }) }];

    expect(await failure(push())).toMatchObject({ headers: { "retry-after": "600" }, remains: "nothing" });
    expect(count("manifest-push")).toBe(1);
  });

  it("is not sent again when the time ends while it waits", async () => {
    quay.faults = [{ op: "manifest-push", do: busy() }];

    const impatient = images({}, { sleep: () => Promise.reject(new Error("no time")) });

    expect(await failure(impatient.push(RELEASE, IMAGE))).toMatchObject({
      headers: { "retry-after": String(RETRY_AFTER_S) },
      remains: "nothing",
    });
    expect(count("manifest-push")).toBe(1);
  });

  it("is looked for, and not sent again, where the next answer leaves it open", async () => {
    quay.faults = [
      { op: "manifest-push", times: 1, do: busy() },
      { op: "manifest-push", do: { status: 502, body: "", after: true } },
    ];

    await push();

    expect([count("manifest-push"), ops().at(-1)]).toEqual([2, "manifest"]);
  });

  it("says when to come back after a look, too", async () => {
    quay.faults = [{ op: "manifest", do: busy({ "retry-after": "9" }) }];

    expect(await failure(images().digestOf(RELEASE))).toMatchObject({ headers: { "retry-after": "9" } });
    expect(await failure(images().describe(RELEASE))).toMatchObject({ headers: { "retry-after": "9" } });
  });
});
