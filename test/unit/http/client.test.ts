import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import {
  HttpClient,
  type HttpClientOptions,
  type HttpTrace,
  NetworkError,
  TimeoutError,
} from "../../../lib/http/index.ts";

const servers: Server[] = [];
const clients: HttpClient[] = [];

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/path?secret=1`);
}

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = new HttpClient({ timeoutMs: 20_000, sleep: async () => {}, random: () => 0.5, ...options });
  clients.push(made);
  return made;
}

/** Answers the nth request with the nth status, then with 200. */
async function answering(...statuses: number[]): Promise<{ url: URL; methods: string[] }> {
  const methods: string[] = [];
  const url = await serve((request, response) => {
    methods.push(request.method ?? "");
    response.writeHead(statuses[methods.length - 1] ?? 200, { "retry-after": "3" }).end("body");
  });
  return { url, methods };
}

afterEach(() => {
  for (const made of clients.splice(0)) made.close();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe("a read", () => {
  it.each([429, 500, 502, 503, 504])("is sent again after %i, twice at most", async (status) => {
    const twice = await answering(status, status);
    const thrice = await answering(status, status, status);

    expect((await client().read({ url: twice.url })).status).toBe(200);
    expect((await client().read({ url: thrice.url })).status).toBe(status);
    expect([twice.methods.length, thrice.methods.length]).toEqual([3, 3]);
  });

  it.each([400, 401, 403, 404, 409])("is not sent again after %i", async (status) => {
    const { url, methods } = await answering(status);

    expect((await client().read({ url })).status).toBe(status);
    expect(methods).toHaveLength(1);
  });

  it("waits with full jitter that doubles, and as long as Retry-After says", async () => {
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => void waits.push(milliseconds);
    const { url } = await answering(503, 503);
    const cut = await serve((request) => request.socket.destroy());

    await client({ sleep }).read({ url });
    await client({ sleep })
      .read({ url: cut })
      .catch(() => {});

    expect(waits).toEqual([3000, 3000, 100, 200]);
  });

  it("gives up when the wait is longer than the time that is left", async () => {
    const { url, methods } = await answering(503, 503);
    const sleep = () => Promise.reject(new Error("aborted"));

    await expect(client({ sleep }).read({ url })).rejects.toThrow(TimeoutError);
    expect(methods).toHaveLength(1);
  });

  it.each([
    ["a call may last", { timeoutMs: 2999 }],
    ["the request may", { deadline: { signal: new AbortController().signal, left: 2999 } }],
  ])("does not wait for longer than %s: the refusal is the answer", async (_, options) => {
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => void waits.push(milliseconds);
    const { url, methods } = await answering(503);

    expect((await client({ sleep, ...options }).read({ url })).status).toBe(503);
    expect([methods.length, waits]).toEqual([1, []]);
  });

  it("follows redirects within the origin, and takes the credentials along", async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      if (seen.length <= 5) response.writeHead(302, { location: `/hop${seen.length}` }).end();
      else response.end("there");
    });

    expect((await client().read({ url, headers: { authorization: "basic x" } })).body.toString()).toBe(
      "there",
    );
    expect(seen).toEqual(Array(6).fill("basic x"));
  });

  it.each([
    ["more than five times", "/again", "more than 5 redirects"],
    ["to another origin", "http://127.0.0.1:1/", "another origin"],
    ["to another protocol", "file:///etc/passwd", "another origin"],
    ["to nowhere", "http://[", "redirected to no URL"],
  ])("is a failure when it is redirected %s", async (_, location, reason) => {
    const url = await serve((_request, response) => response.writeHead(302, { location }).end());

    await expect(client().read({ url })).rejects.toThrow(reason);
  });

  it("is a failure when it is redirected to a URL with credentials of its own", async () => {
    const url = await serve((request, response) => {
      const location = `http://user:password@${request.headers.host}/`;
      response.writeHead(302, { location }).end();
    });

    await expect(client().read({ url })).rejects.toThrow("a URL with credentials");
  });

  it("is a failure when the answer is cut, longer than allowed, or not HTTP", async () => {
    const cut = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setImmediate(() => response.destroy());
    });
    const long = await serve((_request, response) => response.end("x".repeat(11)));

    await expect(client().read({ url: cut })).rejects.toThrow(NetworkError);
    await expect(client().read({ url: long, maxBytes: 10 })).rejects.toThrow("longer than 10 bytes");
    expect((await client().read({ url: long, maxBytes: 11 })).body).toHaveLength(11);
  });

  it("is a failure when an answer of no said length ends with its connection", async () => {
    const url = await serve((request) => {
      request.socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf");
      setImmediate(() => request.socket.resetAndDestroy());
    });

    await expect(client().read({ url })).rejects.toThrow(NetworkError);
  });
});

describe("a question that needs a body", () => {
  it("is a POST that is sent again like any read", async () => {
    const { url, methods } = await answering(503);

    expect((await client().read({ url, body: Buffer.from("<methodCall/>") })).status).toBe(200);
    expect(methods).toEqual(["POST", "POST"]);
  });

  it("follows no redirect", async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: "/ok" }).end());

    expect((await client().read({ url, body: Buffer.from("x") })).status).toBe(302);
  });
});

describe("a question for the headers only", () => {
  it("is a HEAD that is sent again like any read, and gives what would be there", async () => {
    const { url, methods } = await answering(503);

    expect(await client().head({ url })).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(methods).toEqual(["HEAD", "HEAD"]);
  });

  it("does not wait for the body that the headers tell of", async () => {
    const url = await serve((_request, response) => response.writeHead(200, { "content-length": "9" }).end());

    expect((await client().head({ url })).headers["content-length"]).toBe("9");
  });

  it("follows no redirect", async () => {
    const url = await serve((_request, response) => response.writeHead(307, { location: "/ok" }).end());

    expect((await client().head({ url })).status).toBe(307);
  });

  it("is a failure when there is no answer", async () => {
    const url = await serve((request) => request.socket.destroy());

    await expect(client().head({ url })).rejects.toThrow(NetworkError);
    await expect(client({ timeoutMs: 1 }).head({ url: await serve(() => {}) })).rejects.toThrow(TimeoutError);
  });
});

describe("a download", () => {
  const text = async (body: AsyncIterable<Buffer>) => {
    let all = "";
    for await (const chunk of body) all += chunk.toString();
    return all;
  };

  it("hands the body over while it comes, behind redirects too", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/there") response.end("there");
      else response.writeHead(302, { location: "/there" }).end();
    });

    expect(await client().download({ url }, async ({ status, body }) => [status, await text(body)])).toEqual([
      200,
      "there",
    ]);
  });

  it("begins anew after a failure that may pass, and does not wait for what is left unread", async () => {
    const { url, methods } = await answering(503);
    const endless = await serve((_request, response) => void response.writeHead(200).write("begin"));
    let tries = 0;
    const cutOnce = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "4" }).write("ha");
      if (tries++ === 0) setImmediate(() => response.destroy());
      else response.end("lf");
    });

    expect(await client().download({ url }, async ({ status }) => status)).toBe(200);
    expect(methods).toHaveLength(2);
    expect(await client().download({ url: endless }, async ({ status }) => status)).toBe(200);
    expect(await client().download({ url: cutOnce }, async ({ body }) => text(body))).toBe("half");
  });

  it("fails where it is cut, too long, or too slow", async () => {
    const cut = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setImmediate(() => response.destroy());
    });
    const long = await serve((_request, response) => response.end("x".repeat(11)));
    const slow = await serve((_request, response) => void response.writeHead(200).write("begin"));
    const read = ({ body }: { body: AsyncIterable<Buffer> }) => text(body);

    await expect(client().download({ url: cut }, read)).rejects.toThrow(NetworkError);
    await expect(client().download({ url: long, maxBytes: 10 }, read)).rejects.toThrow(
      "longer than 10 bytes",
    );
    await expect(client({ timeoutMs: 200 }).download({ url: slow }, read)).rejects.toThrow(TimeoutError);
  });
});

describe("a write", () => {
  it.each([307, 500, 503])("is sent once, whatever comes: %i", async (status) => {
    const { url, methods } = await answering(status);

    expect((await client().write({ method: "POST", url, body: Buffer.from("x") })).status).toBe(status);
    expect(methods).toEqual(["POST"]);
  });

  it("is not sent again when the connection breaks", async () => {
    let requests = 0;
    const url = await serve((request) => {
      requests++;
      request.socket.destroy();
    });

    await expect(client().write({ method: "DELETE", url })).rejects.toThrow(NetworkError);
    expect(requests).toBe(1);
  });

  it("says its length, and never comes in chunks", async () => {
    const headers: unknown[] = [];
    const url = await serve((request, response) => {
      headers.push(request.headers["content-length"], request.headers["transfer-encoding"]);
      response.end();
    });

    await client().write({ method: "POST", url, body: Buffer.from("hé") });

    expect(headers).toEqual(["3", undefined]);
  });
});

it("is a failure when the answer changes the protocol", async () => {
  const url = await serve((request) => {
    request.socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
  });

  await expect(client().write({ method: "POST", url, body: Buffer.from("x") })).rejects.toThrow(
    "change of protocols",
  );
});

describe("time", () => {
  const hanging = () => serve(() => {});

  it("ends a call after its own time", async () => {
    await expect(client({ timeoutMs: 1 }).read({ url: await hanging() })).rejects.toThrow(TimeoutError);
  });

  it("may be less for some calls, and never more", async () => {
    const url = await hanging();

    await expect(client().within(1).read({ url })).rejects.toThrow(TimeoutError);
    await expect(client({ timeoutMs: 1 }).within(20_000).read({ url })).rejects.toThrow(TimeoutError);
  });

  it("ends a call with the request's deadline, also where that is over already", async () => {
    const deadline = new AbortController();
    const call = client({ deadline: { signal: deadline.signal, left: 0 } }).write({
      method: "POST",
      url: await hanging(),
    });
    setImmediate(() => deadline.abort());

    await expect(call).rejects.toThrow(TimeoutError);
    await expect(
      client({ deadline: { signal: deadline.signal, left: 0 } }).read({ url: await hanging() }),
    ).rejects.toThrow(TimeoutError);
  });

  it("ends a call whose answer never ends", async () => {
    const url = await serve((_request, response) => void response.writeHead(200).write("begin"));

    await expect(client({ timeoutMs: 200 }).read({ url })).rejects.toThrow(TimeoutError);
  });
});

it("takes header values beyond Latin-1 as UTF-8", async () => {
  let got = "";
  const url = await serve((request, response) => {
    got = Buffer.from(request.headers.authorization ?? "", "latin1").toString();
    response.end();
  });

  await client().read({ url, headers: { authorization: "basic ž" } });

  expect(got).toBe("basic ž");
});

it("traces each try without query, headers and bodies", async () => {
  const lines: HttpTrace[] = [];
  const { url } = await answering(503);

  await client({ trace: (line) => lines.push(line) }).read({
    url,
    headers: { authorization: "basic canary" },
  });

  expect(lines).toMatchObject([
    { method: "GET", attempt: 1, status: 503 },
    { attempt: 2, status: 200 },
  ]);
  expect(lines[0]?.url).toBe(`${url.origin}/path`);
  expect(JSON.stringify(lines)).not.toMatch(/canary|secret/);
});
