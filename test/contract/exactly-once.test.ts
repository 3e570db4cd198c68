import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GATEWAY_DEADLINE_MS } from "../../lib/api/deadline.ts";
import { RUNNING_MS } from "../../lib/api/idempotency.ts";
import { LEASE_MS, WORK_RESERVE_MS } from "../../lib/publish/repository-lock.ts";
import { answering, badGateway, type QuayFault } from "../fakes/quay.ts";
import { ACME, ACME_QUAY, type Call, form, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: { request_timeout: 1, organizations: { open: { public: true } } },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const LOCK = "staging/pushes/open/etcd";
const other = packageZip({ versions: ["0.2.0"] });

const push = (zip = packageZip(), version = "", call: Call = {}) =>
  omps.upload(`/v1/open/etcd/zipfile${version && `/${version}`}`, zip, call);
const remove = (version: string, call: Call = {}) => omps.call("DELETE", `/v1/open/etcd/${version}`, call);
/** A request that has no time to wait for the repository. */
const inHaste = (): Call => ({ now: Date.now() - GATEWAY_DEADLINE_MS + WORK_RESERVE_MS - 500 });
/** A request that has time to take a free repository, and none to find out what became of a write. */
const nearDeadline = (): Call => ({ now: Date.now() - GATEWAY_DEADLINE_MS + WORK_RESERVE_MS + 500 });
const releases = () => omps.quay.packages()["open/etcd"]?.releases ?? [];
const pushes = () => omps.ops().filter((op) => op === "push").length;
const lockRequests = () => omps.s3.requests.filter((line) => line.includes(LOCK));
const locked = () => omps.s3.objects.has(LOCK);
const leaseEnds = () => {
  omps.s3.ahead += LEASE_MS + 1000;
};

describe("a push", () => {
  it("locks its repository, and frees it with the answer", async () => {
    expect((await push()).status).toBe(200);

    expect(locked()).toBe(false);
  });

  it("asks S3 twice where the version is given, and three times where it is chosen", async () => {
    await push(packageZip(), "1.0.0");
    const given = lockRequests().length;
    await push();

    expect([given, lockRequests().length - given]).toEqual([2, 3]);
  });

  it("does not ask S3 for a package that is not in order", async () => {
    await push(packageZip({ spec: "  version: 1\n" }));

    expect(lockRequests()).toEqual([]);
  });

  it("that is asked for a second time on purpose is one more release", async () => {
    await push();
    await push();

    expect(releases()).toEqual(["2.0.0", "1.0.0"]);
  });

  it("that is refused leaves its repository free", async () => {
    await push(packageZip(), "1.0.0");

    expect((await push(packageZip(), "1.0.0")).body).toMatchObject({ error: "QuayCourierError" });
    expect(locked()).toBe(false);
  });
});

describe("while somebody else works on a repository", () => {
  const heldBy = (holder: string) => {
    const content = Buffer.from(JSON.stringify({ holder, intents: [] }));
    const written = new Date(Date.now() + omps.s3.ahead);
    omps.s3.objects.set(LOCK, { content, metadata: {}, etag: '"other"', written });
  };

  it.each([
    ["a push", () => push(packageZip(), "", inHaste())],
    ["a deletion", () => remove("1.0.0", inHaste())],
  ])("%s is told to come back, and changes nothing", async (_, request) => {
    heldBy("somebody");

    expect(await request()).toMatchObject({
      status: 503,
      headers: { "retry-after": "60" },
      body: { error: "OMPSBusy" },
    });
    expect(omps.ops().filter((op) => op === "push" || op === "delete")).toEqual([]);
  });

  it("another repository is free", async () => {
    heldBy("somebody");

    expect((await omps.upload("/v1/open/other/zipfile", packageZip({ name: "other" }))).status).toBe(200);
  });

  it("who died is waited for no longer than his lease, by S3's clock", async () => {
    heldBy("somebody");
    leaseEnds();

    expect((await push(packageZip(), "", inHaste())).status).toBe(200);
    expect(locked()).toBe(false);
  });

  it("pushes that come at once are done one after the other, each with a version of its own", async () => {
    const answers = await Promise.all([packageZip(), other, packageZip(), other].map((zip) => push(zip)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(releases()).toEqual(["4.0.0", "3.0.0", "2.0.0", "1.0.0"]);
    expect(locked()).toBe(false);
  });
});

describe("the same push again", () => {
  const fails = (...faults: QuayFault[]) => {
    omps.quay.faults = faults;
  };

  it("only makes public what was pushed, where that failed before", async () => {
    fails({ op: "visibility", times: 1, do: { status: 400, json: {} } });

    expect((await push()).status).toBe(500);
    expect(await push()).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    expect(pushes()).toBe(1);
    expect(omps.quay.packages()["open/etcd"]).toEqual({ visibility: "public", releases: ["1.0.0"] });
    expect(locked()).toBe(false);
  });

  it("is done with the version that is given, where that was pushed before and not made public", async () => {
    fails({ op: "visibility", times: 1, do: { status: 400, json: {} } });

    expect((await push(packageZip(), "7.0.0")).status).toBe(500);
    expect(await push(packageZip(), "7.0.0")).toMatchObject({ status: 200, body: { version: "7.0.0" } });
    expect(pushes()).toBe(1);
  });

  it("keeps the version that it had, where Quay failed before it pushed", async () => {
    fails({ op: "push", times: 1, do: answering(badGateway) });

    expect((await push()).status).toBe(500);
    expect(await push()).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("finds the release, where nobody saw the end of the first one", async () => {
    fails(
      { op: "push", times: 1, do: { hang: true, after: true } },
      { op: "helm", times: 1, do: { hang: true } },
    );

    expect((await push()).status).toBe(500);
    expect(await push()).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    expect(pushes()).toBe(1);
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("waits for a push that was given up at its deadline, as Quay may still be doing it", async () => {
    fails({ op: "push", times: 1, do: { hang: true } });
    expect((await push(packageZip(), "", nearDeadline())).status).toBe(500);

    expect(await push(packageZip(), "", inHaste())).toMatchObject({ status: 503 });
    leaseEnds();
    expect(await push()).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("gets another version, where the one that it had was taken by another content", async () => {
    fails({ op: "push", times: 1, do: answering(badGateway) });
    await push();
    await push(other);

    expect(await push()).toMatchObject({ status: 200, body: { version: "2.0.0" } });
    expect(releases()).toEqual(["2.0.0", "1.0.0"]);
  });

  it("with its Idempotency-Key is found, not repeated, where the first answer could not be kept", async () => {
    const keyed = () =>
      push(packageZip(), "", { headers: { ...form(packageZip()).headers, "idempotency-key": "one" } });
    let kept = 0;
    omps.s3.director = async (line, perform) =>
      line.startsWith("PUT staging/answers/") && kept++ > 0 ? undefined : perform();
    expect(await keyed()).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    omps.s3.director = undefined;
    omps.s3.ahead += RUNNING_MS + 1000;

    expect(await keyed()).toMatchObject({ status: 200, body: { version: "1.0.0" } });
    expect(pushes()).toBe(1);
  });

  it("by another caller is another push", async () => {
    fails({ op: "visibility", times: 1, do: { status: 400, json: {} } });
    await push();
    omps.quay.faults = [];

    const owner = `basic ${Buffer.from("owner:secret").toString("base64")}`;
    expect(await push(packageZip(), "", { authorization: owner })).toMatchObject({
      body: { version: "2.0.0" },
    });
  });

  it("is a push of its own after a quarter of an hour", async () => {
    fails({ op: "visibility", times: 1, do: { status: 400, json: {} } });
    await push();
    const record = JSON.parse(omps.s3.objects.get(LOCK)?.content.toString() ?? "");
    record.intents[0].noted -= 15 * 60 * 1000;
    heldRecord(record);

    expect(await push()).toMatchObject({ body: { version: "2.0.0" } });
  });
});

const heldRecord = (record: object) => {
  const content = Buffer.from(JSON.stringify(record));
  omps.s3.objects.set(LOCK, { content, metadata: {}, etag: '"x"', written: new Date() });
};

describe("when S3 does not work", () => {
  it.each([
    ["a push", () => push(packageZip(), "", inHaste())],
    ["a deletion", () => remove("1.0.0", inHaste())],
  ])("%s changes nothing, and the log has the cause", async (_, request) => {
    omps.s3.faults.add(LOCK);

    expect(await request()).toMatchObject({ status: 503, body: { error: "OMPSBusy" } });
    expect(omps.ops().filter((op) => op === "push" || op === "delete")).toEqual([]);
    expect(omps.lines.join("\n")).toContain("S3: cannot");
  });

  it("a push that is done is answered, also where its lock cannot be given back", async () => {
    omps.s3.faults.add(`DELETE ${LOCK}`);

    expect((await push()).status).toBe(200);
    expect(locked()).toBe(true);
    expect(omps.lines.join("\n")).toContain("could not be given back");
  });

  it("a record that is none keeps nobody out", async () => {
    heldRecord([]);

    expect((await push()).status).toBe(200);
  });
});

describe("a deletion", () => {
  it("locks its repository too, and keeps what others began", async () => {
    omps.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] });
    omps.quay.faults = [{ op: "push", times: 1, do: answering(badGateway) }];
    await push();
    expect(locked()).toBe(true);

    expect((await remove("1.0.0")).status).toBe(200);
    expect(await push()).toMatchObject({ status: 200, body: { version: "2.0.0" } });
    expect(locked()).toBe(false);
  });

  it("that is given up at its deadline keeps others out for the time that Quay may still need", async () => {
    omps.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] });
    omps.quay.faults = [{ op: "delete", times: 1, do: { hang: true } }];

    expect((await remove("1.0.0", nearDeadline())).status).toBe(500);
    expect((await push(packageZip(), "", inHaste())).status).toBe(503);
    leaseEnds();
    expect((await push()).status).toBe(200);
  });
});

describe("a write whose outcome is not known", () => {
  const audited = () => omps.lines.filter((line) => line.includes('"audit":true')).join("\n");

  it("is on record as one that may have happened: a push", async () => {
    omps.quay.faults = [{ op: "push", times: 1, do: answering(badGateway) }];
    await push();

    expect(audited()).toContain("Release may have been pushed");
    expect(audited()).not.toContain("Release pushed");
  });

  it("is on record as one that may have happened: a deletion", async () => {
    omps.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] });
    omps.quay.faults = [{ op: "delete", times: 1, do: { status: 504 } }];
    await remove("1.0.0");

    expect(audited()).toContain("Release may have been deleted");
  });
});
