import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HttpClient, NetworkError, UpstreamError } from "../../../lib/http/index.ts";
import { MAX_RPC_ANSWER_BYTES } from "../../../lib/koji/index.ts";
import { callRpc, MAX_TAG_DEPTH, type RpcParameter } from "../../../lib/koji/xml-rpc.ts";
import { body, document, type HostileHub, startHostileHub } from "../../fakes/koji/hostile.ts";

const ONE = document("<int>1</int>");
const CALL = '<?xml version="1.0"?><methodCall><methodName>getAPIVersion</methodName><params/></methodCall>';

let hub: HostileHub;
let http: HttpClient;
beforeAll(async () => {
  hub = await startHostileHub();
});
beforeEach(() => {
  http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {} });
});
afterEach(() => http.close());
afterAll(() => hub.close());

const call = (method = "getAPIVersion", params: readonly RpcParameter[] = []) =>
  callRpc(http, new URL(`${hub.url}/kojihub?kept=1`), method, params);

/** Answers each call alike, and gives the requests that it answered. */
function answering(content: string): string[] {
  const requests: string[] = [];
  hub.answer = (socket, request) => {
    requests.push(request);
    body(content)(socket, request);
  };
  return requests;
}

describe("a call", () => {
  it("says what it is, what it takes and how long it is", async () => {
    const requests = answering(ONE);

    await call();

    const request = requests[0]?.toLowerCase() ?? "";
    expect(request).toMatch(/^post \/kojihub\?kept=1 http/);
    for (const header of ["content-type: text/xml", "accept: text/xml", "accept-encoding: identity"]) {
      expect(request).toContain(`\r\n${header}\r\n`);
    }
    expect(request).toContain(`content-length: ${CALL.length}`);
    expect(request).not.toContain("transfer-encoding");
  });

  it("is a rejection, and nothing is sent, when a character cannot be said in XML", async () => {
    const requests = answering(ONE);

    await expect(call("getBuild", ["a\0-1-1"])).rejects.toThrow("Invalid character");
    expect(requests).toEqual([]);
  });

  it("is sent again after a failure that passes", async () => {
    let answers = 0;
    hub.answer = (socket, request) => {
      if (++answers === 1) socket.destroy();
      else body(ONE, { status: answers === 2 ? 503 : 200 })(socket, request);
    };

    expect(await call()).toBe(1);
    expect(answers).toBe(3);
  });

  it("keeps the cause of what it could not read, for the log", async () => {
    hub.answer = body(document("<boolean>yes</boolean>"));

    await expect(call()).rejects.toMatchObject({
      name: "NetworkError",
      cause: expect.objectContaining({ message: "Illegal boolean value 'yes'" }),
    });
  });

  it("names the status that came instead of 200", async () => {
    hub.answer = body(ONE, { status: 404 });

    await expect(call()).rejects.toThrow(UpstreamError);
    await expect(call()).rejects.toThrow("getAPIVersion: HTTP status 404");
  });
});

describe("the limits", () => {
  it("take an answer of 10 MiB, and none that is a byte longer", async () => {
    const empty = document("<string></string>").length;
    const filled = (bytes: number) => document(`<string>${"x".repeat(bytes - empty)}</string>`);

    hub.answer = body(filled(MAX_RPC_ANSWER_BYTES));
    expect(await call()).toHaveLength(MAX_RPC_ANSWER_BYTES - empty);

    hub.answer = body(filled(MAX_RPC_ANSWER_BYTES + 1));
    await expect(call()).rejects.toThrow(`longer than ${MAX_RPC_ANSWER_BYTES} bytes`);
  });

  it("take nesting of 300 tags, and none that is deeper", async () => {
    // Around an array's value are methodResponse, params, param and value; each level has three tags more.
    const nested = (tags: number) => {
      const [levels, rest] = [Math.floor((tags - 4) / 3), (tags - 4) % 3];
      const inner = ["", "<array></array>", "<array><data></data></array>"][rest] ?? "";
      return document(
        "<array><data><value>".repeat(levels) + inner + "</value></data></array>".repeat(levels),
      );
    };

    hub.answer = body(nested(MAX_TAG_DEPTH));
    expect(await call()).toBeInstanceOf(Array);

    hub.answer = body(nested(MAX_TAG_DEPTH + 1));
    await expect(call()).rejects.toThrow(NetworkError);
  });

  it("end a document of stray end tags soon", async () => {
    hub.answer = body(document("<value>".repeat(500_000) + "</int>".repeat(500_000)));

    await expect(call()).rejects.toThrow(NetworkError);
  });
});
