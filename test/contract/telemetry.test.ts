import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { operatorBuild } from "../fakes/koji.ts";
import { ACME, ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

const KEY = "etcd-container-1-1";

let omps: Omps;
beforeEach(async () => {
  // Anew for each test, as secrets are cached.
  omps = await startOmps({
    greenwave: true,
    config: {
      koji_stage_threshold: 1,
      organizations: { open: { public: true }, acme: {}, poor: { public: true } },
    },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
afterEach(() => omps.close());

const lineSchema = z.looseObject({ message: z.optional(z.string()), _aws: z.optional(z.unknown()) });
const parsed = () => omps.lines.map((line) => lineSchema.parse(JSON.parse(line)));
/** Lines of the log with this message. */
const said = (message: RegExp) => parsed().filter((line) => message.test(line.message ?? ""));
const ending = () => said(/^Request (answered|refused|failed)$/);
const audited = () => parsed().filter((line) => line["audit"] === true);
const metric = (name: string) => parsed().filter((line) => line._aws !== undefined && name in line);

const push = (path = "/v1/open/etcd/zipfile/1.0.0") => omps.upload(path, packageZip());
const build = () => {
  omps.koji.reset({ builds: [operatorBuild(KEY, packageZip())] });
  return omps.call("POST", `/v2/acme/koji/${KEY}`);
};

describe("each request", () => {
  it("is one line: what it was about, how it ended, how long its steps took, how large things were", async () => {
    await push();

    const milliseconds = expect.any(Number);
    expect(ending()).toEqual([
      expect.objectContaining({
        message: "Request answered",
        request_id: expect.any(String),
        action: "push",
        organization: "open",
        repository: "etcd",
        version: "1.0.0",
        target: "appregistry",
        outcome: "ok",
        status: 200,
        steps_ms: {
          unpack: milliseconds,
          verify: milliseconds,
          pack: milliseconds,
          read_tokens: milliseconds,
          push: milliseconds,
          publish: milliseconds,
        },
        sizes: {
          request: expect.any(Number),
          archive: packageZip().length,
          unpacked: expect.any(Number),
          release: expect.any(Number),
        },
        calls: {
          quay: { count: 2, failures: 0, ms: milliseconds },
          s3: { count: 2, failures: 0, ms: milliseconds },
          "secrets-manager": { count: 1, failures: 0, ms: milliseconds },
        },
        deadline_left_ms: milliseconds,
      }),
    ]);
  });

  it("of a build names the build, and the repository and version that it got", async () => {
    expect((await build()).status).toBe(200);

    expect(ending()).toMatchObject([
      {
        nvr: KEY,
        repository: "etcd",
        version: "1.0.0",
        steps_ms: { find_build: expect.any(Number), fetch_archive: expect.any(Number) },
        calls: { koji: { failures: 0 }, "koji-files": { failures: 0 }, greenwave: { count: 1 } },
      },
    ]);
  });

  it("that is refused has the error's ID, and is no failure", async () => {
    await omps.upload("/v1/open/etcd/zipfile/1.0", packageZip());

    expect(ending()).toMatchObject([{ outcome: "refused", error_id: "OMPSInvalidVersionFormat" }]);
    expect(metric("Failures")).toMatchObject([{ Failures: 0 }]);
  });

  it("that pushes what is there already is no failure, though the contract answers 500", async () => {
    await push();
    omps.lines.length = 0;

    expect((await push()).status).toBe(500);
    expect(ending()).toMatchObject([{ message: "Request refused", level: "INFO", outcome: "exists" }]);
    expect(metric("Failures")).toMatchObject([{ Failures: 0 }]);
  });

  it("that fails at a service says so, with what the service did", async () => {
    omps.quay.faults = [{ op: "push", do: { status: 502, body: "bad gateway" } }];

    expect((await push()).status).toBe(500);
    expect(ending()).toMatchObject([
      { level: "ERROR", outcome: "failed", error_id: "QuayCourierError", calls: { quay: { failures: 1 } } },
    ]);
    expect(metric("Failures")).toMatchObject([{ Failures: 1 }]);
    expect(metric("UpstreamFailures")).toContainEqual(
      expect.objectContaining({ upstream: "quay", UpstreamFailures: expect.arrayContaining([1]) }),
    );
  });

  it("of health that finds a service down is a failure", async () => {
    omps.quay.faults = [{ op: "*", times: 3, do: { status: 503 } }];

    expect((await omps.call("GET", "/v2/health/ping")).status).toBe(503);
    expect(ending()).toMatchObject([{ action: "read", outcome: "failed", status: 503 }]);
    expect(metric("Pushes")).toEqual([]);
  });
});

describe("the caller's token", () => {
  it("is told from others by a fingerprint, and never written", async () => {
    await push();
    await omps.upload("/v1/acme/etcd/zipfile", packageZip());
    await omps.call("DELETE", "/v1/acme/etcd", { authorization: ACME.stranger });

    const [first, second, other] = ending().map((line) => line["token"]);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    expect(omps.lines.join("\n")).not.toMatch(/canary|Y2FuYXJ5|YWNtZStib3Q6/);
  });
});

describe("each change at Quay", () => {
  it("is one audit line: a push, the publishing, each deletion", async () => {
    await push();
    await push("/v1/open/etcd/zipfile");
    await omps.call("DELETE", "/v1/open/etcd");

    const who = { organization: "open", repository: "etcd", token: expect.stringMatching(/^[0-9a-f]{16}$/) };
    expect(audited()).toMatchObject([
      {
        message: "Release pushed",
        version: "1.0.0",
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        ...who,
      },
      { message: "Repository set to public", ...who },
      { message: "Release pushed", version: "2.0.0", ...who },
      { message: "Repository set to public", ...who },
      { message: "Release deleted", version: "2.0.0", ...who },
      { message: "Release deleted", version: "1.0.0", ...who },
    ]);
  });

  it("names the build that it came from", async () => {
    await build();

    expect(audited()).toMatchObject([{ message: "Release pushed", nvr: KEY }]);
  });

  it("is not written for what Quay refused", async () => {
    await push();
    omps.lines.length = 0;
    await push();
    await omps.call("DELETE", "/v1/open/etcd/9.9.9");

    expect(audited()).toEqual([]);
  });
});

describe("the metrics", () => {
  it("count a push by outcome, by error, and by target and organization", async () => {
    await push();

    expect(metric("Pushes")).toMatchObject([
      { Pushes: 1, outcome: "ok", error_id: "none", target: "appregistry", organization: "open" },
    ]);
    expect(metric("ReleaseBytes")).toMatchObject([{ action: "push", DeadlineLeft: expect.any(Number) }]);
  });

  it("count a deletion", async () => {
    await omps.call("DELETE", "/v1/acme/etcd");

    expect(metric("Deletions")).toMatchObject([{ outcome: "refused", error_id: "QuayPackageNotFound" }]);
    expect(metric("Pushes")).toEqual([]);
  });

  it("name no organization that is not configured: a caller could make any number of them", async () => {
    await omps.upload("/v1/invented/etcd/zipfile/1.0.0", packageZip());

    expect(metric("Pushes")).toMatchObject([{ organization: "other" }]);
  });

  it("count a public organization without a token, whose push succeeds", async () => {
    omps.quay.reset({
      ...ACME_QUAY,
      organizations: [{ name: "poor", owners: ["owner", "acme+bot"] }],
    });

    expect((await push("/v1/poor/etcd/zipfile/1.0.0")).status).toBe(200);
    expect(metric("MissingTokens")).toMatchObject([{ MissingTokens: 1, organization: "poor" }]);
  });

  it("count a service once for each try, also where its answer breaks off", async () => {
    omps.koji.reset({ builds: [operatorBuild(KEY, packageZip())] });
    omps.koji.faults = [{ op: "file", do: { truncate: 10 } }];

    expect((await omps.call("POST", `/v2/acme/koji/${KEY}`)).status).toBe(500);
    expect(ending()).toMatchObject([{ calls: { "koji-files": { count: 3, failures: 3 } } }]);
  });

  it("count a bucket that cannot be written to, of which the log has the cause", async () => {
    omps.s3.faults.add("PUT staging/koji/");

    expect(await build()).toMatchObject({ status: 500, body: { error: "KojiError" } });
    expect(metric("UpstreamFailures")).toContainEqual(
      expect.objectContaining({ upstream: "s3", UpstreamFailures: expect.arrayContaining([1]) }),
    );
    expect(ending()).toMatchObject([{ outcome: "failed", cause: { name: "InternalError" } }]);
  });
});
