import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { describe, expect, it } from "vitest";
import { QuayAuthorizationError, QuayCourierError, QuayPackageError } from "../../../lib/errors/index.ts";
import { HttpClient, Trust } from "../../../lib/http/index.ts";
import { MAX_TOKEN_LENGTH } from "../../../lib/quay/image/authorization.ts";
import { ImageRegistry } from "../../../lib/quay/index.ts";
import { listenOnLoopback } from "../../fakes/loopback.ts";
import { PRIVATE_CA, SERVER } from "../../support/tls.ts";
import {
  basic,
  count,
  failure,
  IMAGE,
  images,
  ops,
  quay,
  RELEASE,
  REPOSITORY,
  startEavesdropper,
  traces,
} from "./image-acme.ts";

const stranger = await startEavesdropper();
const list = () => images().listVersions(REPOSITORY);
const challenged = (header: string) => {
  quay.faults = [{ op: "ping", do: { status: 401, body: "", headers: { "www-authenticate": header } } }];
};
const bearer = (realm: string) => challenged(`Bearer realm="${realm}",service="registry"`);

describe("the caller's header", () => {
  it.each([
    ["of another scheme", "Bearer abc"],
    ["without a scheme", basic("acme+bot").slice(6)],
    ["without base64", "basic a:b"],
    ["without a colon", `basic ${Buffer.from("user").toString("base64")}`],
    ["without a user", `basic ${Buffer.from(":secret").toString("base64")}`],
    ["without a password", `basic ${Buffer.from("user:").toString("base64")}`],
    ["with a line break in it", `basic ${Buffer.from("user:a\r\nb").toString("base64")}`],
    ["that is empty", ""],
  ])("is refused %s, and nothing is sent", async (_, authorization) => {
    const registry = images({ authorization });

    for (const work of [
      registry.listVersions(REPOSITORY),
      registry.push(RELEASE, IMAGE),
      registry.delete(RELEASE),
    ]) {
      const error = await failure(work);
      expect(error).toBeInstanceOf(QuayAuthorizationError);
      expect(error.message).toContain("expected 'basic' and the base64 of 'user:password'");
    }
    expect(await registry.find(RELEASE, IMAGE.digest)).toBe("unknown");
    expect(quay.requests).toEqual([]);
  });

  it("goes to the token endpoint only, in a scope of ours; all else gets the token", async () => {
    await images().push(RELEASE, IMAGE);

    const withHeader = (start: RegExp) =>
      quay.requests.filter(({ authorization = "" }) => start.test(authorization));
    expect(withHeader(/^basic/i).map(({ op }) => op)).toEqual(["token"]);
    expect(withHeader(/^bearer/i).map(({ op }) => op)).toEqual(ops().slice(2));
    expect(quay.requests[0]).toMatchObject({ op: "ping", authorization: undefined });
    expect(quay.requests[1]).toMatchObject({
      op: "token",
      authorization: basic("acme+bot").replace("basic", "Basic"),
      query: { service: new URL(quay.url).host, scope: "repository:acme/etcd:pull,push" },
    });
  });

  it("is told wrong by the token endpoint", async () => {
    const error = await failure(images({ authorization: basic("nobody") }).listVersions(REPOSITORY));

    expect(error).toBeInstanceOf(QuayAuthorizationError);
    expect(error.details).toMatchObject({ quay_response: { errors: [{ code: "UNAUTHORIZED" }] } });
  });

  it("is in no message and no trace, nor is a token", async () => {
    quay.faults = [{ op: "manifest-push", do: { status: 500, body: "" } }];
    const error = await failure(images().push(RELEASE, IMAGE));

    const said = JSON.stringify([error, error.message, String(error.cause), traces]);
    expect(said).not.toContain(basic("acme+bot").slice(6));
    expect(said).not.toContain("of-the-fake");
  });
});

describe("the address of tokens", () => {
  const { port } = new URL(quay.url);
  const other = stranger.url.href;
  const refused: [string, string][] = [
    ["on another host", `http://localhost:${port}/v2/auth`],
    ["on another port", `${other}token`],
    ["on the default port", "http://127.0.0.1/v2/auth"],
    ["on another address of the network", "http://169.254.169.254/latest/"],
    ["on an IPv6 address", `http://[::1]:${port}/`],
    ["of another protocol", `https://127.0.0.1:${port}/v2/auth`],
    ["that is a file", "file:///etc/passwd"],
    ["with a user in it", `http://user:password@127.0.0.1:${port}/v2/auth`],
    ["that hides the host behind a user", `http://127.0.0.1:${port}@127.0.0.1:${stranger.url.port}/`],
    ["that is relative", "/v2/auth"],
    ["that is no URL", "http://["],
    ["that is empty", ""],
  ];

  it.each(refused)("is refused %s: no credentials leave", async (_, realm) => {
    bearer(realm);

    const listing = await failure(list());
    const push = await failure(images().push(RELEASE, IMAGE));

    expect(listing).toBeInstanceOf(QuayPackageError);
    expect(push).toBeInstanceOf(QuayCourierError);
    expect(push.message).toMatch(
      /The registry names .* for its tokens.*The release acme\/etcd:v1\.0\.0 was not published/,
    );
    expect(push.message).not.toContain("password@");
    expect(stranger.heard).toEqual([]);
    expect(new Set(ops())).toEqual(new Set(["ping"]));
  });

  it("names the host that is refused, and those that are expected", async () => {
    bearer(`${other}token`);

    const { message } = await failure(list());

    expect(message).toContain(`http://${stranger.url.host} for its tokens`);
    expect(message).toContain(`expected ${quay.url}, as configured`);
  });

  it("may be on the configured Quay", async () => {
    bearer(`${quay.url}/v2/auth`);

    expect(await list()).toEqual([]);
    bearer(`${other}token`);
    await images({ quayUrl: stranger.url.href })
      .listVersions(REPOSITORY)
      .catch(() => {});
    expect(stranger.heard).toHaveLength(1);
  });

  it("is not followed to another host", async () => {
    quay.faults = [{ op: "token", do: { status: 307, body: "", headers: { location: other } } }];

    expect(await failure(list())).toBeInstanceOf(QuayPackageError);
    expect(stranger.heard).toEqual([]);
    expect(count("tags")).toBe(0);
  });

  it("is followed five times at most", async () => {
    quay.faults = [{ op: "token", do: { status: 307, body: "", headers: { location: "/v2/auth" } } }];

    expect(await failure(list())).toBeInstanceOf(QuayPackageError);
    expect(count("token")).toBe(6);
  });

  it.each([
    ["none", ""],
    ["one of a scheme that we do not know", "Negotiate abc=="],
    ["one that is malformed", 'Bearer realm="http://127.0.0.1'],
    ["one that names two addresses", `Bearer realm="${quay.url}/v2/auth",realm="${other}"`],
  ])("is not guessed where the challenge is %s", async (_, header) => {
    challenged(header);

    expect(await failure(list())).toBeInstanceOf(QuayPackageError);
    expect(ops()).toEqual(["ping"]);
    expect(stranger.heard).toEqual([]);
  });

  it("decides nothing of the scope: that is ours", async () => {
    challenged(
      `Bearer realm="${quay.url}/v2/auth",service="x",scope="repository:acme/secret:pull,push,delete"`,
    );

    await list();

    expect(quay.requests[1]?.query["scope"]).toBe("repository:acme/etcd:pull");
  });
});

describe("a registry with TLS", () => {
  async function withTls(
    listener: RequestListener,
    quayUrl: string,
  ): Promise<{ message: string; asked: string[] }> {
    const asked: string[] = [];
    const [key, cert] = [SERVER.key, SERVER.cert].map((file) => readFileSync(file));
    const server = createServer({ key, cert }, (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      listener(request, response);
    });
    const { port, close } = await listenOnLoopback(server);
    const trust = new Trust([readFileSync(PRIVATE_CA, "utf8")]);
    const http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {}, trust });
    const registry = new ImageRegistry(http, {
      registry: new URL(`https://127.0.0.1:${port}`),
      quayUrl,
      authorization: basic("acme+bot"),
      repositoryName: (repository) => repository,
    });
    const { message } = await failure(registry.push(RELEASE, IMAGE));
    http.close();
    await close();
    return { message, asked };
  }

  it("cannot send the credentials to an address without, not even to the configured Quay", async () => {
    const challenge = `Bearer realm="${stranger.url.href}token"`;

    const { message, asked } = await withTls(
      (_request, response) => response.writeHead(401, { "www-authenticate": challenge }).end(),
      stranger.url.href,
    );

    expect(message).toContain(`names http://${stranger.url.host} for its tokens`);
    expect(asked).toEqual(["GET /v2/"]);
    expect(stranger.heard).toEqual([]);
  });

  it("cannot have uploads sent without", async () => {
    const { message, asked } = await withTls((request, response) => {
      if (request.method === "POST") {
        response.writeHead(202, { location: `http://${request.headers.host}/upload` }).end();
      } else if (request.url === "/v2/") {
        response.end("true");
      } else {
        response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
      }
    }, stranger.url.href);

    expect(message).toMatch(/names http:.* for an upload; expected https:/);
    expect(asked.filter((line) => line.startsWith("PUT"))).toEqual([]);
  });
});

describe("a token", () => {
  const giving = (json: object) => {
    quay.faults = [{ op: "token", do: { status: 200, json: { ...json } } }];
  };
  const sent = () => quay.requests.find(({ op }) => op === "tags")?.authorization;

  it.each([
    ["token", { token: "abc" }],
    ["access_token", { access_token: "abc", expires_in: 300 }],
  ])("is taken as %s", async (_, answer) => {
    giving(answer);

    await list();

    expect(sent()).toBe("Bearer abc");
  });

  it.each<[string, object]>([
    ["missing", {}],
    ["empty", { token: "" }],
    ["no text", { token: 1 }],
    ["with a line break", { token: "a\r\nx-evil: 1" }],
    ["with a blank", { token: "a b" }],
    ["too long", { token: "x".repeat(MAX_TOKEN_LENGTH + 1) }],
  ])("is not used where it is %s", async (_, answer) => {
    giving(answer);

    expect(await failure(list())).toBeInstanceOf(QuayPackageError);
    expect(count("tags")).toBe(0);
  });

  it("may be as long as a header is", async () => {
    giving({ token: "x".repeat(MAX_TOKEN_LENGTH) });

    await list();

    expect(count("tags")).toBe(1);
  });

  it("serves all calls in its scope, and is asked for anew before it is too old", async () => {
    let now = 0;
    giving({ token: "abc", expires_in: 300 });
    const registry = images({ now: () => now });

    await registry.listVersions(REPOSITORY);
    now = 289_999;
    await registry.listVersions(REPOSITORY);
    expect(count("token")).toBe(1);
    now = 290_000;
    await registry.listVersions(REPOSITORY);

    expect([count("ping"), count("token")]).toEqual([1, 2]);
  });

  it("is good for a minute where its life is not told", async () => {
    let now = 0;
    const registry = images({ now: () => now });

    await registry.listVersions(REPOSITORY);
    now = 49_999;
    await registry.listVersions(REPOSITORY);
    now = 50_000;
    await registry.listVersions(REPOSITORY);

    expect(count("token")).toBe(2);
  });
});

describe("an upload's address", () => {
  const located = (location: string) => {
    quay.faults = [{ op: "upload-begin", do: { status: 202, body: "", headers: { location } } }];
  };

  it.each([
    ["on another origin", stranger.url.href],
    ["on another host without a protocol", `//${stranger.url.host}/upload`],
    ["on another host behind a user", `http://127.0.0.1@${stranger.url.host}/upload`],
    ["with a user in it", `http://user:password@${new URL(quay.url).host}/upload`],
    ["that is no URL", "http://["],
  ])("is refused %s: neither token nor blob leaves", async (_, location) => {
    located(location);

    const error = await failure(images().push(RELEASE, IMAGE));

    expect(error).toMatchObject({ error: "QuayCourierError", remains: "nothing" });
    expect(error.message).toMatch(/The registry names .* for an upload/);
    expect(stranger.heard).toEqual([]);
    expect(ops().at(-1)).toBe("upload-begin");
  });

  it("keeps its query, to which the digest is added", async () => {
    located("/v2/acme/etcd/blobs/uploads/upload-1?_state=a%2Bb%3D%3D&x#fragment");

    await failure(images().push(RELEASE, IMAGE));

    const { query } = quay.requests.find(({ op }) => op === "upload-end") ?? {};
    expect(query).toEqual({ _state: "a+b==", x: "", digest: IMAGE.config.digest });
  });

  it.each(["upload-begin", "upload-end", "manifest-push"] as const)(
    "is not followed further: %s",
    async (op) => {
      quay.faults = [{ op, do: { status: 307, body: "", headers: { location: stranger.url.href } } }];

      expect(await failure(images().push(RELEASE, IMAGE))).toBeInstanceOf(QuayCourierError);
      expect(count(op)).toBe(1);
      expect(stranger.heard).toEqual([]);
    },
  );
});

describe("a redirect of a question", () => {
  const away = { status: 307, body: "", headers: { location: stranger.url.href } };

  it("to a store of blobs is not followed: the blob is uploaded", async () => {
    quay.faults = [{ op: "image-blob", do: away }];

    await images().push(RELEASE, IMAGE);

    expect(count("upload-end")).toBe(2);
    expect(stranger.heard).toEqual([]);
  });

  it.each(["ping", "manifest", "tags"] as const)("to another host is not followed: %s", async (op) => {
    quay.faults = [{ op, do: away }];

    if (op !== "manifest") expect(await failure(list())).toBeInstanceOf(QuayPackageError);
    if (op !== "tags") expect(await images().find(RELEASE, IMAGE.digest)).toBe("unknown");
    expect(stranger.heard).toEqual([]);
  });

  it("to the next page on another host is not followed", async () => {
    const headers = { link: `<${stranger.url.href}>; rel="next"` };
    quay.faults = [{ op: "tags", do: { status: 200, json: { tags: ["v1.0.0"] }, headers } }];

    expect((await failure(list())).message).toContain("for the next page of its tags");
    expect(stranger.heard).toEqual([]);
  });
});
