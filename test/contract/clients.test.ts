import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { answering, badGateway } from "../fakes/quay.ts";
import { ACME, type Answer, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

/** Statuses after which the build system OSBS sends the same POST again. */
const OSBS_RETRIES = [408, 429, 500, 502, 503, 504];

/** One file in a multipart body as Python's requests makes it: no Content-Type of the part, a random boundary. */
function requestsBody(filename: string, zip: Buffer) {
  const boundary = randomUUID().replaceAll("-", "");
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\n\r\n`;
  return {
    body: Buffer.concat([Buffer.from(head), zip, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: {
      host: "omps.example.com",
      "user-agent": "python-requests/2.25.1",
      "accept-encoding": "gzip, deflate",
      accept: "*/*",
      connection: "keep-alive",
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
  };
}

/** The call of both clients; each reads `organization`, `repo` and `version` of a 200, else `error` and `message`. */
async function post(filename: string, zip: Buffer, tries: number, retried: (answer: Answer) => boolean) {
  for (let attempt = 1; ; attempt++) {
    const answer = await omps.call("POST", "/v2/acme/zipfile", {
      ...requestsBody(filename, zip),
      authorization: ACME.token,
    });
    if (attempt === tries || !retried(answer)) return { answer, attempts: attempt };
  }
}

const osbs = (zip: Buffer) =>
  post("operator_manifests.zip", zip, 11, ({ status }) => OSBS_RETRIES.includes(status));
const iib = (zip: Buffer) => post("/tmp/iib-4711/manifests.zip", zip, 3, ({ status }) => status !== 200);

describe.each([
  ["the build system (OSBS)", osbs],
  ["the index builder (IIB)", iib],
])("%s", (_, client) => {
  it("pushes, and reads where to", async () => {
    const { answer, attempts } = await client(packageZip());

    expect([answer.status, attempts]).toEqual([200, 1]);
    expect(answer.body).toMatchObject({ organization: "acme", repo: "etcd", version: "1.0.0" });
  });

  it("is told what is wrong with a package", async () => {
    const { answer } = await client(packageZip({ spec: "  version: 1\n" }));

    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: "PackageValidationError",
        message: expect.any(String),
        validation_info: { errors: expect.any(Array) },
      },
    });
    expect(omps.quay.packages()).toEqual({});
  });

  it("has its push done when Quay fails once before it changes anything", async () => {
    omps.quay.faults = [{ op: "push", times: 1, do: answering(badGateway) }];
    const { answer, attempts } = await client(packageZip());

    expect([answer.status, attempts]).toEqual([200, 2]);
    expect(omps.quay.packages()["acme/etcd"]?.releases).toEqual(["1.0.0"]);
  });

  it("has one release when Quay makes it and its answer goes wrong", async () => {
    omps.quay.faults = [{ op: "push", times: 1, do: { ...answering(badGateway), after: true } }];
    const { answer, attempts } = await client(packageZip());

    expect([answer.status, attempts]).toEqual([200, 1]);
    expect(omps.quay.packages()["acme/etcd"]?.releases).toEqual(["1.0.0"]);
  });
});
