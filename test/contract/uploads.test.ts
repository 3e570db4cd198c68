import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { SENDING_MS, UPLOAD_LIFE_MS } from "../../lib/api/index.ts";
import { createFingerprint } from "../../lib/telemetry/index.ts";
import { ACME, type Answer, type Call, form, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";
import { FINGERPRINT_KEY } from "../support/transport/index.ts";
import { sendForm } from "../support/upload.ts";
import { zipOf } from "../support/zip.ts";

const MAX = 5000;

const zip = new Uint8Array(packageZip());
const uploadSchema = z.object({
  upload: z.string(),
  url: z.string(),
  fields: z.record(z.string(), z.string()),
  expires: z.iso.datetime(),
  max_bytes: z.number(),
});

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: {
      max_content_length: 2000,
      zipfile_max_uncompressed_size: 1000,
      upload_max_size: MAX,
      upload_max_uncompressed_size: 20_000,
    },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const ask = async (organization = "acme", call: Call = {}) =>
  uploadSchema.parse((await omps.call("POST", `/v2/${organization}/uploads`, call)).body);
const json = (body: unknown, call: Call = {}): Call => ({
  ...call,
  headers: { "content-type": "application/json", ...call.headers },
  body: Buffer.from(JSON.stringify(body)),
});
const push = (upload: string, path = "/v2/acme/zipfile", call: Call = {}) =>
  omps.call("POST", path, json({ upload }, call));
const refused = (answer: Answer, status: number, error: string) => {
  expect(answer).toMatchObject({ status, body: { status, error, message: expect.stringMatching(/\w/) } });
  expect(omps.quay.packages()).toEqual({});
};

/** Asks for an upload and sends an archive for it. */
async function uploaded(content = zip): Promise<string> {
  const asked = await ask();
  expect(await sendForm(asked, content)).toMatchObject({ status: 204 });
  return asked.upload;
}

/** An ID as it was given to the caller some time ago. */
function formerUpload(age: number): string {
  const fingerprint = createFingerprint(FINGERPRINT_KEY);
  const rest = Math.floor((Date.now() - age) / 1000).toString(16) + "0".repeat(32);
  return rest + fingerprint(["upload", fingerprint(ACME.token), "acme", rest].join("\n"));
}

describe("who asks for an upload", () => {
  it("gets a form for one object, its time and its limit", async () => {
    const before = Date.now();
    const answer = await omps.call("POST", "/v2/acme/uploads");
    const { upload, url, fields, expires, max_bytes } = uploadSchema.parse(answer.body);

    expect(answer).toMatchObject({ status: 201, headers: { "cache-control": "no-store" } });
    expect(upload).toMatch(/^[0-9a-f]{56}$/);
    expect(new URL(url).pathname).toBe("/staging");
    expect(fields).toMatchObject({ key: `uploads/${upload}`, "Content-Type": "application/zip" });
    expect(Date.parse(expires) - before).toBeGreaterThanOrEqual(SENDING_MS);
    expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(SENDING_MS);
    expect(max_bytes).toBe(MAX);
  });

  it("gets another one each time, and S3 is not asked for it", async () => {
    const [first, second] = [await ask(), await ask()];

    expect(first.upload).not.toBe(second.upload);
    expect(omps.s3.requests).toEqual([]);
  });

  it("needs a token, and the name of an organization", async () => {
    refused(
      await omps.call("POST", "/v2/acme/uploads", { authorization: undefined }),
      403,
      "OMPSAuthorizationHeaderRequired",
    );
    refused(await omps.call("POST", "/v2/a$b/uploads"), 400, "OMPSInvalidName");
  });

  it("is told by 413 about this way", async () => {
    const answer = await omps.upload("/v2/acme/zipfile", Buffer.alloc(2001));

    refused(answer, 413, "RequestEntityTooLarge");
    expect(answer.body["message"]).toContain(`${MAX} bytes with POST /v2/{organization}/uploads`);
  });
});

describe("an archive that was uploaded", () => {
  it.each([
    ["/v2/acme/zipfile", "1.0.0"],
    ["/v2/acme/zipfile/3.2.1", "3.2.1"],
    ["/v1/acme/etcd/zipfile", "1.0.0"],
    ["/v1/acme/etcd/zipfile/3.2.1", "3.2.1"],
  ])("is pushed with POST %s", async (path, version) => {
    const answer = await push(await uploaded(), path);

    expect(answer).toMatchObject({ status: 200, body: { organization: "acme", repo: "etcd", version } });
    expect(omps.quay.packages()["acme/etcd"]?.releases).toEqual([version]);
  });

  it("may be larger than a request, and unpacked larger than one that comes with a request", async () => {
    const large = packageZip({ files: { "a.bin": randomBytes(3000) } });
    const padded = packageZip({ files: { "a.txt": "x".repeat(1000) } });

    expect(await push(await uploaded(new Uint8Array(large)))).toMatchObject({ status: 200 });
    expect(await push(await uploaded(new Uint8Array(padded)))).toMatchObject({ status: 200 });
    omps.quay.reset();
    refused(await omps.upload("/v2/acme/zipfile", padded), 400, "OMPSUploadedFileError");
  });

  it("unpacked may have no more than the limit", async () => {
    const bomb = new Uint8Array(packageZip({ files: { "a.txt": "x".repeat(20_000) } }));

    refused(await push(await uploaded(bomb)), 400, "OMPSUploadedFileError");
  });

  it("can be pushed again", async () => {
    const upload = await uploaded();
    await push(upload);

    expect(await push(upload)).toMatchObject({ status: 200, body: { version: "2.0.0" } });
  });

  it.each([
    ["another organization", "/v2/open/zipfile", {}],
    ["another token", "/v2/acme/zipfile", { authorization: ACME.stranger }],
  ])("is not found for %s", async (_, path, call) => {
    const upload = await uploaded();
    omps.s3.requests.length = 0;

    refused(await push(upload, path, call), 404, "OMPSUploadNotFound");
    expect(omps.s3.requests).toEqual([]);
  });

  it("needs the token too", async () => {
    const answer = await push(await uploaded(), "/v2/acme/zipfile", { authorization: undefined });

    refused(answer, 403, "OMPSAuthorizationHeaderRequired");
  });

  it.each([
    ["no zip", new TextEncoder().encode("no zip")],
    ["an empty zip", new Uint8Array(zipOf({}))],
  ])("is judged as any other: %s", async (_, content) => {
    const uploadedAnswer = await push(await uploaded(content));
    const direct = await omps.upload("/v2/acme/zipfile", Buffer.from(content));

    expect(uploadedAnswer.status).toBe(400);
    expect(uploadedAnswer.body).toEqual(direct.body);
  });

  it("that has become longer than may be is not read", async () => {
    const { upload, fields } = await ask();
    const content = Buffer.alloc(MAX + 1);
    omps.s3.objects.set(`staging/${fields["key"]}`, {
      content,
      metadata: {},
      etag: '"x"',
      written: new Date(),
    });

    refused(await push(upload), 400, "OMPSUploadedFileError");
  });

  it("is 503 while S3 does not work", async () => {
    const upload = await uploaded();
    omps.s3.faults.add("GET staging/uploads/");

    const answer = await push(upload);

    refused(answer, 503, "OMPSBusy");
    expect(answer.headers["retry-after"]).toBe("5");
  });
});

describe("an upload", () => {
  it("for which nothing was sent is 409", async () => {
    refused(await push((await ask()).upload), 409, "OMPSUploadNotSent");
  });

  it("for which nothing was sent in time is 410", async () => {
    refused(await push(formerUpload(SENDING_MS)), 410, "OMPSUploadExpired");
  });

  it("that is a day old is 410, and S3 is not asked for it", async () => {
    refused(await push(formerUpload(UPLOAD_LIFE_MS)), 410, "OMPSUploadExpired");
    expect(omps.s3.requests).toEqual([]);
  });

  it("larger than said is refused by S3, and is then not sent", async () => {
    const asked = await ask();

    expect(await sendForm(asked, new Uint8Array(MAX + 1))).toEqual({ status: 400, code: "EntityTooLarge" });
    refused(await push(asked.upload), 409, "OMPSUploadNotSent");
  });

  it.each(["", "x", "0".repeat(56), "../answers/x"])("that is not ours is 404: %j", async (upload) => {
    refused(await push(upload), 404, "OMPSUploadNotFound");
    expect(omps.s3.requests).toEqual([]);
  });
});

describe("a JSON body that names no upload", () => {
  it.each<[string, unknown]>([
    ["an empty object", {}],
    ["a list", [{ upload: "x" }]],
    ["a text", "upload"],
    ["null", null],
    ["an upload that is no text", { upload: 5 }],
  ])("is no file, as before: %s", async (_, body) => {
    refused(await omps.call("POST", "/v2/acme/zipfile", json(body)), 400, "OMPSExpectedFileError");
  });

  it("is no file where it is no JSON", async () => {
    const call = { headers: { "content-type": "application/json" }, body: Buffer.from("{") };

    refused(await omps.call("POST", "/v2/acme/zipfile", call), 400, "OMPSExpectedFileError");
  });

  it("is no file either where it comes as a form", async () => {
    const { headers } = form(Buffer.alloc(0));
    const body = Buffer.from(JSON.stringify({ upload: await uploaded() }));

    refused(await omps.call("POST", "/v2/acme/zipfile", { headers, body }), 400, "OMPSExpectedFileError");
  });
});

it("never logs the form by which an upload is sent", async () => {
  const { upload, fields } = await ask();
  await push(upload);

  const { Policy = "", "X-Amz-Signature": signature = "" } = fields;
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  for (const secret of [Policy, signature, ACME.token]) expect(omps.lines.join("\n")).not.toContain(secret);
});
