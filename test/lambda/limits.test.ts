import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startAws } from "../../infra/local/aws/aws.ts";
import { toEvent } from "../../infra/local/event.ts";
import { type Gateway, type Handlers, startGateway } from "../../infra/local/gateway.ts";
import { type QuayFake, startQuayFake } from "../fakes/quay.ts";
import { interfaceClient } from "../runtime/interface-client.ts";
import { LambdaFunction } from "../runtime/lambda-function.ts";
import { ACME, ACME_QUAY, form } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";
import { openTransport } from "../support/transport/index.ts";
import type { Transport } from "../support/transport/transport.ts";

const code = process.env["OMPS_TEST_RUNTIME"] ?? "";
const lines: string[] = [];
let quay: QuayFake;
beforeAll(async () => {
  quay = await startQuayFake({ seed: ACME_QUAY });
});
beforeEach(() => {
  quay.reset();
  lines.length = 0;
});
afterAll(() => quay.close());

describe("behind API Gateway", () => {
  let aws: Awaited<ReturnType<typeof startAws>>;
  let transport: Transport;
  let gateway: Gateway;
  beforeAll(async () => {
    aws = await startAws();
    const settings = { quay_url: quay.url, max_content_length: 4_400_000 };
    transport = await openTransport({ settings, aws: aws.settings, stagingBucket: "staging", lines });
    gateway = await startGateway({ port: 0, handlers: handlersOf(transport) });
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), transport.close(), aws.close()]);
  });

  const post = (bytes: number) =>
    fetch(`${gateway.url}/v1/acme/etcd/zipfile`, {
      method: "POST",
      headers: { authorization: ACME.token, "content-type": "multipart/form-data; boundary=XX" },
      body: new Uint8Array(form(Buffer.alloc(bytes)).body),
    });

  it("a body that is over 6 MB as an event is refused before the function", async () => {
    const answer = await post(4_800_000);

    expect([answer.status, await answer.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
    expect(lines).toEqual([]);
  });

  it("one just below that comes through the runtime whole", async () => {
    const answer = await post(4_399_000);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: "OMPSUploadedFileError" });
  });
});

describe("a function whose time runs out while Quay hangs", () => {
  it("answers before Lambda ends it, and takes the next event", async () => {
    const environment = { QUAY_URL: quay.url };
    const client = await interfaceClient();
    const lambda = new LambdaFunction(
      { name: "push-zipfile", code, client, environment, timeoutMs: 2000 },
      lines,
    );
    quay.faults = [{ op: "list", times: 1, do: { hang: true } }];

    const late = await lambda.invoke(upload());
    const next = await lambda.invoke(upload());
    await lambda.close();

    expect(late).toMatchObject({ statusCode: 500, body: expect.stringContaining("QuayPackageError") });
    expect(next).toMatchObject({ statusCode: 200 });
    expect(quay.packages()).toMatchObject({ "acme/etcd": { releases: ["1.0.0"] } });
  });
});

function upload(): object {
  const { headers, body } = form(packageZip());
  const authorized = { ...headers, authorization: ACME.token };
  return toEvent({ method: "POST", target: "/v1/acme/etcd/zipfile", headers: authorized, body });
}

function handlersOf(transport: Transport): Handlers {
  const handler =
    (name: keyof Handlers): Handlers["about"] =>
    (event) =>
      transport.invoke(name, event);
  return {
    about: handler("about"),
    docs: handler("docs"),
    page: handler("page"),
    health: handler("health"),
    "delete-releases": handler("delete-releases"),
    "not-found": handler("not-found"),
    "push-koji": handler("push-koji"),
    "push-zipfile": handler("push-zipfile"),
    releases: handler("releases"),
    validate: handler("validate"),
    "validate-koji": handler("validate-koji"),
    uploads: handler("uploads"),
    operations: handler("operations"),
  };
}
