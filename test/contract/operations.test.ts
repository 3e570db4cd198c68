import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { END_LIFE_MS } from "../../lib/operations/index.ts";
import { MAX_TRIES } from "../../lib/worker/index.ts";
import { operatorBuild } from "../fakes/koji.ts";
import { metric, said } from "../support/lines.ts";
import { ACME, type Call, form, type Omps, startOmps } from "../support/omps.ts";
import { idOf, operationsOn, PREFER, uploading, ZIP } from "../support/operations.ts";
import { packageZip } from "../support/package.ts";
import { batch, notDone, queueMessage } from "../support/queue-event.ts";

const NVR = "etcd-operator-container-0.9.4-1";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: { organizations: { acme: {}, open: { public: true } } },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
beforeEach(() => {
  omps.reset();
  omps.koji.reset({ builds: [operatorBuild(NVR, ZIP)] });
});
afterAll(() => omps.close());

const { asked, tell, queued, keys, releases, work, change } = operationsOn(() => omps);

describe("a push with Prefer: respond-async", () => {
  it("is accepted before anything is pushed, and is told about at an address of its own", async () => {
    const answer = await asked();

    const id = idOf(answer);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.body).toEqual({ id, status: "queued", created: expect.any(String) });
    expect(answer.headers).toMatchObject({
      location: `/v2/operations/${id}`,
      "preference-applied": "respond-async",
      "retry-after": "2",
    });
    expect(await tell(id)).toMatchObject({
      status: 200,
      headers: { "retry-after": "2", "cache-control": "no-store" },
      body: { id, status: "queued", tries: 0 },
    });
    expect(omps.quay.requests).toEqual([]);
  });

  it("is queued by its ID alone, among the pushes of its package", async () => {
    const id = idOf(await asked());

    expect(queued()).toEqual([
      {
        queue: "pushes.fifo",
        body: JSON.stringify({ operation: id }),
        group: "acme/etcd",
        deduplicationId: expect.stringMatching(`^${id}-[0-9]+$`),
        attributes: {},
      },
    ]);
  });

  it.each([
    ["/v2/acme/zipfile", "1.0.0"],
    ["/v2/acme/zipfile/3.2.1", "3.2.1"],
    ["/v1/acme/etcd/zipfile", "1.0.0"],
    ["/v1/acme/etcd/zipfile/3.2.1", "3.2.1"],
  ])("is done by the worker, and ends as it would have been answered: POST %s", async (path, version) => {
    const id = idOf(await asked(path));
    expect(await work()).toEqual([]);

    const told = await tell(id);
    expect(told).toMatchObject({ status: 200, body: { id, status: "succeeded", tries: 1 } });
    expect(told.headers["retry-after"]).toBeUndefined();
    expect(releases()).toEqual([version]);
    omps.quay.reset();
    const { headers, body } = form(ZIP);
    expect(told.body["result"]).toEqual((await omps.call("POST", path, { headers, body })).body);
  });

  it.each([`/v2/acme/koji/${NVR}`, `/v1/acme/etcd/koji/${NVR}/1.0.0`])(
    "may be that of a build: POST %s",
    async (path) => {
      const id = idOf(await omps.call("POST", path, { headers: PREFER }));
      expect(omps.koji.requests).toEqual([]);
      await work();

      expect(queued()).toMatchObject([{ group: "acme/etcd-operator-container" }]);
      expect((await tell(id)).body).toMatchObject({
        status: "succeeded",
        result: { organization: "acme", repo: "etcd", version: "1.0.0", nvr: NVR },
      });
    },
  );

  it("acts with the caller's token, and makes the repository of a public organization public", async () => {
    await asked("/v2/open/zipfile");
    await work();

    expect(omps.quay.packages()["open/etcd"]).toEqual({ visibility: "public", releases: ["1.0.0"] });
    expect(omps.quay.requests.find(({ op }) => op === "push")?.headers["authorization"]).toBe(ACME.token);
  });

  it("leaves neither the archive nor the token behind", async () => {
    const id = idOf(await asked());
    expect(keys()).toEqual([`staging/operations/${id}/archive`, `staging/operations/${id}/state`]);
    await work();

    expect(keys()).toEqual([`staging/operations/${id}/state`]);
    const state = omps.s3.objects.get(`staging/operations/${id}/state`)?.content.toString() ?? "{}";
    expect(JSON.parse(state)).not.toHaveProperty("token");
  });

  it("is told on the bus", async () => {
    const id = idOf(await asked());
    await work();

    expect(omps.messaging.events).toEqual([
      {
        bus: "builds",
        source: "omps",
        type: "omps.release.published",
        detail: { organization: "acme", repository: "etcd", version: "1.0.0", operation: id },
      },
    ]);
  });

  it("counts once, when it is done", async () => {
    await asked();
    expect(metric(omps.lines, "Pushes")).toEqual([]);
    expect(said(omps.lines, /^Request answered$/)).toMatchObject([{ status: 202, outcome: "queued" }]);
    await work();

    expect(metric(omps.lines, "Pushes")).toMatchObject([{ outcome: "ok", organization: "acme" }]);
  });

  it.each(["return=minimal, respond-async", "Respond-Async; wait=10", "wait=10 ,respond-async"])(
    "may say so among other preferences: %s",
    async (prefer) => {
      expect((await asked("/v2/acme/zipfile", ZIP, { prefer })).status).toBe(202);
    },
  );

  it.each(["wait=10", "respond-asynchronously", "x-respond-async", ""])(
    "is done at once where it does not: %j",
    async (prefer) => {
      expect((await asked("/v2/acme/zipfile", ZIP, { prefer })).status).toBe(200);
      expect(queued()).toEqual([]);
    },
  );
});

describe("what is wrong with a request is told at once:", () => {
  it.each<[string, string, Call, number, string]>([
    [
      "no token",
      "/v2/acme/zipfile",
      { ...uploading(ZIP), authorization: undefined },
      403,
      "OMPSAuthorizationHeaderRequired",
    ],
    ["a name", "/v2/a$b/zipfile", uploading(ZIP), 400, "OMPSInvalidName"],
    ["a version", "/v2/acme/zipfile/1.0", uploading(ZIP), 400, "OMPSInvalidVersionFormat"],
    [
      "a version of a build",
      `/v2/acme/koji/${NVR}/1.0`,
      { headers: PREFER },
      400,
      "OMPSInvalidVersionFormat",
    ],
    ["no file", "/v2/acme/zipfile", { headers: PREFER }, 400, "OMPSExpectedFileError"],
    ["no zip", "/v2/acme/zipfile", uploading(Buffer.from("no zip")), 400, "OMPSUploadedFileError"],
    [
      "no package",
      "/v2/acme/zipfile",
      uploading(packageZip({ files: { "package.yaml": null } })),
      400,
      "PackageValidationError",
    ],
    ["no NVR", "/v2/acme/koji/etcd", { headers: PREFER }, 404, "KojiNVRBuildNotFound"],
    [
      "a token that is too long",
      "/v2/acme/zipfile",
      { ...uploading(ZIP), authorization: `basic ${"x".repeat(4091)}` },
      413,
      "RequestEntityTooLarge",
    ],
  ])("%s", async (_, path, call, status, error) => {
    expect(await omps.call("POST", path, call)).toMatchObject({ status, body: { status, error } });
    expect(omps.messaging.sent).toEqual([]);
    expect(keys()).toEqual([]);
  });

  it("but a token of 4,096 bytes is taken", async () => {
    const call = { ...uploading(ZIP), authorization: `basic ${"x".repeat(4090)}` };

    expect((await omps.call("POST", "/v2/acme/zipfile", call)).status).toBe(202);
  });
});

describe("who may read an operation:", () => {
  it("nobody with another token, or none", async () => {
    const id = idOf(await asked());

    expect(await tell(id, { authorization: ACME.stranger })).toMatchObject({
      status: 404,
      body: { error: "OMPSOperationNotFound" },
    });
    expect(await tell(id, { authorization: undefined })).toMatchObject({ status: 403 });
  });

  it.each(["x", "0".repeat(32), "0".repeat(31), "0".repeat(1000)])(
    "what is no operation is not found: %s",
    async (id) => {
      expect(await tell(id)).toMatchObject({ status: 404 });
    },
  );

  it("its caller, until a day after its end", async () => {
    const id = idOf(await asked());
    await work();
    change(id, { ended: Date.now() - END_LIFE_MS + 60_000 });
    expect((await tell(id)).status).toBe(200);
    change(id, { ended: Date.now() - END_LIFE_MS });

    expect(await tell(id)).toMatchObject({ status: 404, body: { error: "OMPSOperationNotFound" } });
  });

  it("nobody while S3 does not work", async () => {
    const id = idOf(await asked());
    omps.s3.faults.add("operations/");

    expect(await tell(id)).toMatchObject({ status: 503, body: { error: "OMPSBusy" } });
  });
});

describe("a push that cannot be queued", () => {
  it.each<[string, () => unknown, number, string]>([
    [
      "its token cannot be encrypted",
      () => omps.kms.faults.set("Encrypt", "ThrottlingException"),
      503,
      "OMPSBusy",
    ],
    [
      "the key is not ours",
      () => omps.kms.faults.set("Encrypt", "AccessDeniedException"),
      500,
      "OMPSConfigurationError",
    ],
    ["S3 does not work", () => omps.s3.faults.add("operations/"), 503, "OMPSBusy"],
  ])("is refused where %s, and nothing is queued", async (_, fail, status, error) => {
    fail();

    expect(await asked()).toMatchObject({ status, body: { error } });
    expect(omps.messaging.sent).toEqual([]);
    expect(omps.quay.requests).toEqual([]);
  });

  it("because of the queue, and that cannot be ended, does not say that nothing was changed", async () => {
    omps.messaging.denied.add("SendMessage pushes.fifo");
    omps.s3.director = async (line, perform) =>
      line.endsWith("/state") && omps.s3.objects.has(line.split(" ")[1] ?? "") ? undefined : perform();

    expect(await asked()).toMatchObject({
      status: 503,
      body: {
        error: "OMPSBusy",
        message: expect.stringMatching(/Ask for the operation [0-9a-f]{32} /),
      },
    });
    expect(omps.quay.requests).toEqual([]);
  });

  it("because of the queue is ended: should its message come all the same, nothing is pushed", async () => {
    omps.messaging.denied.add("SendMessage pushes.fifo");
    expect(await asked()).toMatchObject({ status: 503, body: { error: "OMPSBusy" } });
    const [key = ""] = keys();
    expect(keys()).toEqual([expect.stringMatching(/\/state$/)]);
    expect(omps.s3.objects.get(key)?.content.toString()).not.toContain("token");

    const body = JSON.stringify({ operation: key.split("/")[2] });
    const message = queueMessage(body, { group: "acme/etcd" });
    expect(notDone(await omps.deliver("push-worker", batch(message)))).toEqual([]);
    expect(omps.quay.requests).toEqual([]);
  });
});

it("never shows the token: in no line, object, message, event or answer", async () => {
  const answers: unknown[] = [];
  const shown = () =>
    [
      ...omps.lines,
      ...[...omps.s3.objects].map(([key, { content }]) => key + content.toString("latin1")),
      JSON.stringify([omps.messaging.sent, omps.messaging.events, answers]),
    ].join("\n");
  const secrets = [ACME.token.replace("basic ", ""), "canary-robot-token"].flatMap((secret) => [
    secret,
    Buffer.from(secret).toString("base64"),
    encodeURIComponent(secret),
  ]);

  const id = idOf(await asked());
  const before = shown();
  omps.quay.faults = [{ op: "push", do: { status: 502 } }];
  await work();
  const between = shown();
  await work({ tries: MAX_TRIES });
  answers.push(await tell(id));

  expect(before).toContain(`operations/${id}/state`);
  for (const text of [before, between, shown()])
    for (const secret of secrets) expect(text).not.toContain(secret);
});
