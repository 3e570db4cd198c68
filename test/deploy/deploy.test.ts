import { randomBytes } from "node:crypto";
import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { type KojiFake, operatorBuild, startKojiFake } from "../fakes/koji.ts";
import { type QuayFake, startQuayFake } from "../fakes/quay.ts";
import { ACME, ACME_QUAY, form } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";
import { isRunning, listeningAddresses, programs } from "../support/process-group.ts";
import { sendForm } from "../support/upload.ts";
import { inventory } from "./account.ts";
import { apiClient } from "./api-client.ts";
import { type Deployment, deploy } from "./deployment.ts";

const NVR = "etcd-operator-container-0.9.4-1";

/** Above this many bytes an archive of a build is staged. */
const THRESHOLD = 3000;

const uploadSchema = z.object({
  upload: z.string(),
  url: z.string(),
  fields: z.record(z.string(), z.string()),
});

const zip = packageZip();
const largeZip = packageZip({ files: { "docs/noise.bin": randomBytes(THRESHOLD) } });
const authorization = ACME.token;

let quay: QuayFake;
let koji: KojiFake;
let omps: Deployment;
let call: ReturnType<typeof apiClient>;

beforeAll(async () => {
  quay = await startQuayFake({ seed: ACME_QUAY });
  koji = await startKojiFake({ seed: { builds: [operatorBuild(NVR, largeZip)] } });
  omps = await deploy({
    quay_url: quay.url,
    kojihub_url: koji.hubUrl,
    kojiroot_url: koji.rootUrl,
    koji_stage_threshold: THRESHOLD,
    organizations: { acme: { public: true }, open: { public: true } },
    notifications: {
      rules: [
        { package: "etcd-operator-container", organization: "acme" },
        { package: "poor-operator-container", organization: "poor" },
      ],
    },
  });
  call = apiClient(omps.ministack.port, omps.apiHost);
  const secrets = new SecretsManagerClient(omps.aws);
  for (const [Name, SecretString] of [
    ["omps/acme", JSON.stringify({ oauth_token: ACME.oauthToken, push_token: ACME.token })],
    ["omps/open", "no JSON"],
  ]) {
    await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  }
});
beforeEach(() => {
  quay.reset();
  koji.reset();
  quay.faults = [];
  koji.faults = [];
});
afterAll(() => Promise.all([omps?.close(), quay?.close(), koji?.close()]));

const upload = (path: string) => {
  const { headers, body } = form(zip);
  return call("POST", path, { headers: { ...headers, authorization }, body });
};

describe("the deployed API", () => {
  it("pushes an uploaded zip, and makes it public with the token that Secrets Manager has", async () => {
    expect(await upload("/v1/acme/etcd/zipfile")).toMatchObject({
      status: 200,
      body: { organization: "acme", repo: "etcd", version: "1.0.0" },
    });
    expect(quay.packages()).toEqual({ "acme/etcd": { visibility: "public", releases: ["1.0.0"] } });
  });

  it("deletes a release", async () => {
    await upload("/v1/acme/etcd/zipfile/1.0.0");
    await upload("/v1/acme/etcd/zipfile/2.0.0");

    expect(await call("DELETE", "/v1/acme/etcd/1.0.0", { headers: { authorization } })).toMatchObject({
      status: 200,
      body: { organization: "acme", repo: "etcd", deleted: ["1.0.0"] },
    });
    expect(quay.packages()["acme/etcd"]?.releases).toEqual(["2.0.0"]);
  });

  it("pushes nothing where the organization's secret is no JSON", async () => {
    const answer = await upload("/v1/open/etcd/zipfile/1.0.0");

    expect(answer).toMatchObject({ status: 500, body: { error: "OMPSConfigurationError" } });
    expect(quay.requests).toEqual([]);
    expect(quay.packages()).toEqual({});
  });

  it("asks for a token before it asks anyone else", async () => {
    const answer = await call("POST", `/v2/acme/koji/${NVR}`);

    expect(answer).toMatchObject({ status: 403, body: { error: "OMPSAuthorizationHeaderRequired" } });
    expect([...quay.requests, ...koji.requests]).toEqual([]);
  });

  it("answers 404 on a path that it does not have, as JSON", async () => {
    const answer = await call("GET", "/v1/nothing/at/all/there");

    expect(answer).toMatchObject({ status: 404, body: { status: 404, error: "NotFound" } });
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  it("answers 405 to a wrong method, and tells the right ones", async () => {
    const answer = await call("PUT", "/v2/about");

    expect(answer).toMatchObject({ status: 405, body: { error: "MethodNotAllowed" } });
    expect(answer.headers["allow"]).toBe("GET, HEAD");
  });
});

describe("an archive that is uploaded by a form, in the deployed API", () => {
  it("is pushed by its ID", async () => {
    const asked = await call("POST", "/v2/acme/uploads", { headers: { authorization } });
    expect(asked.status).toBe(201);
    const { upload, ...form } = uploadSchema.parse(asked.body);

    expect(await sendForm(form, new Uint8Array(largeZip))).toMatchObject({ status: 204 });
    const headers = { authorization, "content-type": "application/json" };
    const pushed = await call("POST", "/v2/acme/zipfile", {
      headers,
      body: Buffer.from(JSON.stringify({ upload })),
    });

    expect(pushed).toMatchObject({ status: 200, body: { repo: "etcd", version: "1.0.0" } });
    expect(quay.packages()["acme/etcd"]?.releases).toEqual(["1.0.0"]);
    await emptyBucket();
  });
});

describe("a push that its caller does not wait for, in the deployed API", () => {
  it.each([
    ["a zip", "/v2/acme/zipfile", form(zip)],
    ["a build", `/v2/acme/koji/${NVR}`, { headers: {}, body: undefined }],
  ])("is accepted, and done behind the queue: %s", async (_, path, { headers, body }) => {
    const prefer = { ...headers, authorization, prefer: "respond-async" };
    const accepted = await call("POST", path, { headers: prefer, ...(body && { body }) });
    expect(accepted).toMatchObject({ status: 202, body: { status: "queued" } });
    const tell = (token: string) =>
      call("GET", String(accepted.headers["location"]), { headers: { authorization: token } });

    await expect
      .poll(async () => (await tell(authorization)).body, { timeout: 30_000 })
      .toMatchObject({ status: "succeeded", result: { repo: "etcd", version: "1.0.0" } });
    expect((await tell(ACME.stranger)).status).toBe(404);
    expect(quay.packages()).toEqual({ "acme/etcd": { visibility: "public", releases: ["1.0.0"] } });
    const kept = (await stagedObjects()).filter(({ key }) => key.startsWith("operations/"));
    expect(kept).toMatchObject([{ key: expect.stringMatching(/\/state$/) }]);
    expect(kept.map(({ content }) => content.toString()).join()).not.toContain("token");
    await emptyBucket();
  });
});

describe("a Koji build above the threshold, in the deployed API", () => {
  const push = () => call("POST", `/v2/acme/koji/${NVR}`, { headers: { authorization } });
  const downloads = () => koji.requests.filter(({ op }) => op === "file").length;

  it("is staged in the bucket, pushed and made public", async () => {
    expect(await push()).toMatchObject({ status: 200, body: { repo: "etcd", version: "1.0.0", nvr: NVR } });

    expect(quay.packages()).toEqual({ "acme/etcd": { visibility: "public", releases: ["1.0.0"] } });
    expect(downloads()).toBe(1);
    expect(await stagedObjects()).toEqual([
      { key: expect.stringMatching(/^koji\/\d+\/operator_manifests\.zip$/), content: largeZip },
    ]);
  });

  it("is not fetched again for its next push", async () => {
    await push();
    koji.reset();

    expect(await push()).toMatchObject({ status: 200, body: { version: "2.0.0" } });
    expect(quay.packages()["acme/etcd"]?.releases).toEqual(["2.0.0", "1.0.0"]);
    expect(downloads()).toBe(0);
  });
});

describe("a notification on the bus of the deployed stack", () => {
  const notify = async (nvr: string) => {
    const events = new EventBridgeClient(omps.aws);
    const body = { attribute: "state", old: 0, new: 1, info: { nvr } };
    const Detail = JSON.stringify({ topic: "koji.build.complete", headers: {}, body });
    const entry = { EventBusName: omps.busName, Source: "koji", DetailType: "BuildStateChange", Detail };
    await events.send(new PutEventsCommand({ Entries: [entry] }));
  };

  it("becomes a release, and one only when it comes twice", async () => {
    await notify(NVR);
    await expect
      .poll(() => quay.packages(), { timeout: 30_000 })
      .toEqual({ "acme/etcd": { visibility: "public", releases: ["1.0.0"] } });
    const before = koji.requests.length;
    await notify(NVR);
    await expect.poll(() => koji.requests.length, { timeout: 30_000 }).toBeGreaterThan(before);

    expect(quay.packages()["acme/etcd"]?.releases).toEqual(["1.0.0"]);
  });

  it("of an organization without a push token is put aside, with the reason", async () => {
    const nvr = "poor-operator-container-1.0-1";
    koji.add(operatorBuild(nvr, zip));
    await notify(nvr);

    await expect
      .poll(pushAside, { timeout: 30_000 })
      .toMatchObject({ body: { nvr, organization: "poor" }, error: "OMPSPushTokenRequired" });
    expect(quay.packages()).toEqual({});
  });
});

describe("the health check of the deployed API", () => {
  it("is 200 while Quay and Koji work", async () => {
    expect(await call("GET", "/v2/health/ping")).toMatchObject({
      status: 200,
      body: { ok: true, services: { quay: { ok: true }, koji: { ok: true }, greenwave: null } },
    });
  });

  it("is 503 while one does not, and tells which", async () => {
    koji.faults = [{ op: "getAPIVersion", do: { status: 503 } }];

    expect(await call("GET", "/v2/health/ping")).toMatchObject({
      status: 503,
      body: { ok: false, services: { quay: { ok: true }, koji: { ok: false } } },
    });
  });
});

describe.runIf(process.platform === "linux")("ministack, with the functions in it", () => {
  it("listens on the loopback only, with all its processes", () => {
    expect(listeningAddresses(omps.ministack.group)).toEqual(["0100007F"]);
  });

  it("runs the functions on the Node of the project", () => {
    const nodes = programs(omps.ministack.group).filter((program) => basename(program) === "node");

    expect(new Set(nodes)).toEqual(new Set([realpathSync(process.execPath)]));
  });
});

describe("the deployed stack", () => {
  it("has no difference to its code", async () => {
    expect(await omps.cdk.run("diff", "--fail")).toContain("There were no differences");
  });

  it("is destroyed, and leaves only what it keeps on purpose, as its logs", async () => {
    const before = await inventory(omps.ministack.url);
    for (const type of [
      "CloudFormation::Stack",
      "Lambda::Function",
      "ApiGatewayV2::Api",
      "IAM::Role",
      "S3::Bucket",
    ])
      expect(before[`AWS::${type}`]).not.toEqual([]);
    await emptyBucket();

    await omps.cdk.run("destroy", "--force");

    const kept = Object.entries(before).map(([type, names]) => [type, omps.keptTypes.has(type) ? names : []]);
    expect(await inventory(omps.ministack.url)).toEqual(Object.fromEntries(kept));
    expect(omps.keptTypes).toContain("AWS::Logs::LogGroup");
  });
});

describe("ministack, at the end", () => {
  it("is gone with all its processes", async () => {
    expect(isRunning(omps.ministack.group)).toBe(true);

    await omps.ministack.stop();

    expect(isRunning(omps.ministack.group)).toBe(false);
  });
});

/** The first push that was put aside; undefined where there is none. */
async function pushAside(): Promise<object | undefined> {
  const sqs = new SQSClient(omps.aws);
  const queues = (await inventory(omps.ministack.url))["AWS::SQS::Queue"];
  const QueueUrl = queues?.find((url) => url.includes("PushesDeadLetters"));
  const asked = { QueueUrl, MessageAttributeNames: ["All"], VisibilityTimeout: 0 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
  const [message] = Messages;
  const body: unknown = JSON.parse(message?.Body ?? "null");
  return message && { body, error: message.MessageAttributes?.["error"]?.StringValue };
}

async function stagingBucket(): Promise<{ s3: S3Client; Bucket: string | undefined; keys: string[] }> {
  const s3 = new S3Client({ ...omps.aws, forcePathStyle: true });
  const buckets = (await inventory(omps.ministack.url))["AWS::S3::Bucket"];
  const Bucket = buckets?.find((name) => name.includes("staging"));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return { s3, Bucket, keys: Contents.map(({ Key = "" }) => Key) };
}

async function stagedObjects(): Promise<{ key: string; content: Buffer }[]> {
  const { s3, Bucket, keys } = await stagingBucket();
  return Promise.all(
    keys.map(async (key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      return { key, content: Buffer.from((await Body?.transformToByteArray()) ?? []) };
    }),
  );
}

/** AWS does not delete a bucket with something in it; ministack would. */
async function emptyBucket(): Promise<void> {
  const { s3, Bucket, keys } = await stagingBucket();
  for (const Key of keys) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}
