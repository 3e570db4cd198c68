import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, type Handler, startGateway } from "../../infra/local/gateway.ts";

let gateway: Gateway;
const seen: Parameters<Handler>[0][] = [];
let answer: () => ReturnType<Handler> = async () => ({ statusCode: 200, body: "{}" });
const handler: Handler = (event) => {
  seen.push(event);
  return answer();
};

const handlers = {
  "push-zipfile": handler,
  "push-koji": handler,
  "delete-releases": handler,
  releases: handler,
  validate: handler,
  "validate-koji": handler,
  uploads: handler,
  operations: handler,
  health: handler,
  about: handler,
  docs: handler,
  page: handler,
  "not-found": handler,
};

beforeAll(async () => {
  gateway = await startGateway({ port: 0, handlers });
});
afterAll(() => gateway.close());

async function event(path: string, init: RequestInit = {}): Promise<Parameters<Handler>[0]> {
  await fetch(gateway.url + path, init);
  const last = seen.at(-1);
  return last ?? expect.fail("the handler was not called");
}

/** Sends bytes that no HTTP client would, and gives the answer's status line and body. */
function raw(text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1", () => socket.write(text));
  let got = "";
  socket.on("data", (chunk) => {
    got += chunk.toString();
  });
  socket.on("end", () => resolve(got));
  socket.on("error", reject);
  return promise;
}

describe("the event", () => {
  it("has the path decoded, the route's key and the parameters", async () => {
    expect(await event("/v1/acme/my%2Dop/1.0.0%2Bx?force=true&a=1", { method: "DELETE" })).toMatchObject({
      version: "2.0",
      routeKey: "DELETE /v1/{organization}/{repository}/{version}",
      rawPath: "/v1/acme/my-op/1.0.0+x",
      rawQueryString: "force=true&a=1",
      queryStringParameters: { force: "true", a: "1" },
      pathParameters: { organization: "acme", repository: "my-op", version: "1.0.0+x" },
      requestContext: { http: { method: "DELETE", path: "/v1/acme/my-op/1.0.0+x" }, stage: "$default" },
      isBase64Encoded: false,
    });
  });

  it("has header names in lower case, and the Authorization as it was sent", async () => {
    const { headers } = await event("/v1/about", {
      headers: { AUTHORIZATION: "basic  a  b", Cookie: "a=1" },
    });

    expect(headers["authorization"]).toBe("basic  a  b");
    expect(headers["cookie"]).toBeUndefined();
  });

  it("has text as it is, and everything else in base64", async () => {
    const body = Buffer.from([0xff, 0]);
    const json = await event("/v2/o/zipfile", {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
    const form = await event("/v2/o/zipfile", {
      method: "POST",
      body,
      headers: { "content-type": "multipart/form-data; boundary=x" },
    });

    expect([json.body, json.isBase64Encoded]).toEqual(['{"a":1}', false]);
    expect([form.body, form.isBase64Encoded]).toEqual(["/wA=", true]);
  });

  it("says $default where no route matches", async () => {
    expect((await event("/v1/nope/%FF")).routeKey).toBe("$default");
    expect((await event("/v1/nope/%FF")).rawPath).toBe("/v1/nope/\uFFFD");
  });
});

describe("the limits of API Gateway and Lambda", () => {
  it.each([
    ["over 10 MB", 10 * 1024 * 1024 + 1],
    ["that is over 6 MB as an event", 4_800_000],
  ])("answer 413 to a body %s", async (_, bytes) => {
    const before = seen.length;
    const response = await fetch(`${gateway.url}/v2/o/zipfile`, {
      method: "POST",
      body: Buffer.alloc(bytes),
    });

    expect([response.status, await response.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
    expect(seen).toHaveLength(before);
  });

  it("let a body of 4,400,000 bytes through", async () => {
    expect(
      (await fetch(`${gateway.url}/v2/o/zipfile`, { method: "POST", body: Buffer.alloc(4_400_000) })).status,
    ).toBe(200);
  });

  it("answer 431 to headers over 10,240 bytes, and 400 to what is no HTTP", async () => {
    expect(await raw(`GET /v1/about HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(10_240)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 .*\{"message"/s,
    );
    expect(await raw("hello\r\n\r\n")).toMatch(/^HTTP\/1.1 400 .*\{"message":"Bad Request"\}/s);
  });

  it("answer 500 to a handler that throws, and to an answer over 6 MB", async () => {
    answer = () => Promise.reject(new Error("canary"));
    const thrown = await fetch(`${gateway.url}/v1/about`);
    answer = async () => ({ statusCode: 200, body: "x".repeat(6_300_000) });
    const long = await fetch(`${gateway.url}/v1/about`);

    expect([thrown.status, await thrown.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect([long.status, await long.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});

it("says that a port is taken", async () => {
  const port = Number(new URL(gateway.url).port);

  await expect(startGateway({ port, handlers })).rejects.toThrow("EADDRINUSE");
});
