import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AwsStandIn, startAws } from "../../../infra/local/aws/aws.ts";

import { HttpClient, type HttpTrace, UpstreamError } from "../../../lib/http/index.ts";
import { Queue } from "../../../lib/messaging/index.ts";
import { fakeServer, listenOnLoopback } from "../../fakes/loopback.ts";

const MESSAGE = { body: "push é", group: "acme/etcd", deduplicationId: "1" };

let aws: AwsStandIn;
let queue: Queue;
const traces: HttpTrace[] = [];
const http = new HttpClient({
  timeoutMs: 10_000,
  sleep: async () => {},
  trace: (line) => traces.push(line),
});

beforeAll(async () => {
  aws = await startAws({}, { queues: [{ name: "pushes.fifo" }] });
  queue = new Queue({ url: aws.queueUrl("pushes.fifo"), aws: aws.settings, env: {} });
});
beforeEach(() => {
  aws.sqs.reset();
  traces.length = 0;
});
afterAll(async () => {
  http.close();
  await aws.close();
});

const waiting = () => aws.sqs.queues.get("pushes.fifo")?.count().visible;

describe("a queue", () => {
  it("takes a message, and each call is traced as one of SQS", async () => {
    await queue.send({ ...MESSAGE, attributes: { reason: "é", empty: "" } }, http);

    expect(aws.sqs.requests).toEqual(["SendMessage pushes.fifo"]);
    expect(waiting()).toBe(1);
    expect(traces).toMatchObject([{ upstream: "sqs", method: "POST", status: 200, failed: false }]);
  });

  it("has a message once that was sent twice", async () => {
    await queue.send(MESSAGE, http);
    await queue.send(MESSAGE, http);

    expect(waiting()).toBe(1);
  });

  it("is asked again where SQS fails, and what it says in the end is thrown", async () => {
    aws.sqs.faults.add("SendMessage");

    await expect(queue.send(MESSAGE, http)).rejects.toThrow(/^SQS SendMessage .*: HTTP status 500$/);
    expect(aws.sqs.requests).toHaveLength(3);
    expect(waiting()).toBe(0);
  });

  it("tells why SQS refuses, which is asked once", async () => {
    const missing = new Queue({ url: aws.queueUrl("other.fifo"), aws: aws.settings, env: {} });
    const sent = missing.send(MESSAGE, http);

    await expect(sent).rejects.toBeInstanceOf(UpstreamError);
    await expect(sent).rejects.toThrow(/^SQS SendMessage .*QueueDoesNotExist: HTTP status 400$/);
    await expect(queue.hide("no receipt", 15, http)).rejects.toThrow(/ReceiptHandleIsInvalid/);
    expect(aws.sqs.requests).toEqual(["SendMessage other.fifo", "ChangeMessageVisibility pushes.fifo"]);
  });

  it("is asked where its URL leads, with a signature of the function's role", async () => {
    const asked: unknown[] = [];
    const server = fakeServer("SQS", async ({ url, headers }, response) => {
      asked.push({ url, ...headers });
      response.end("{}");
    });
    const { url, close } = await listenOnLoopback(server);
    const env = {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "role",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "session",
    };
    await new Queue({ url: `${url}/123456789012/pushes.fifo`, aws: {}, env }).send(MESSAGE, http);
    await close();

    expect(asked).toMatchObject([
      {
        url: "/",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AmazonSQS.SendMessage",
        "x-amz-security-token": "session",
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=role\/\d{8}\/eu-west-1\/sqs\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
        ),
      },
    ]);
  });
});
