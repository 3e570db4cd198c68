import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Omps, startOmps } from "../support/omps.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
afterAll(() => omps.close());

describe.each(["v1", "v2"])("/%s/about", (api) => {
  it.each(["GET", "HEAD"])("tells our version and courier's, to everyone (%s)", async (method) => {
    const answer = await omps.call(method, `/${api}/about?x=1`, { authorization: undefined });

    expect(answer).toMatchObject({
      status: 200,
      body: { version: expect.stringMatching(/^\d+\.\d+\.\d+/), operatorcourier: "2.1.11" },
    });
  });

  it("is one of the paths that know no other method", async () => {
    expect(await omps.call("POST", `/${api}/about`)).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD", "content-type": "application/json" },
      body: { status: 405, error: "MethodNotAllowed" },
    });
  });
});

describe("a path that is known with other methods", () => {
  it.each([
    ["GET", "/v1/o/r/zipfile", "POST, DELETE"],
    ["PUT", "/v1/o/r/zipfile/1.0.0", "POST"],
    ["GET", "/v1/o/r", "DELETE"],
    ["POST", "/v1/o/r/1.0.0", "DELETE"],
    ["OPTIONS", "/v2/o/zipfile", "POST, DELETE"],
    ["FOO", "/v2/o/r", "DELETE"],
  ])("answers 405 and names them: %s %s", async (method, path, allow) => {
    expect(await omps.call(method, path)).toMatchObject({
      status: 405,
      headers: { allow },
      body: { error: "MethodNotAllowed" },
    });
  });
});

describe("a path that is not known", () => {
  it.each([
    "/v1",
    "/v1/",
    "/v3/about",
    "/v1/about/",
    "/V1/about",
    "//v1//about",
    "/v1//r/zipfile",
    "/v1/o/r/zipfile/",
    "/v1/a/b/c/d/e",
    "/favicon.ico",
    "/v1/%FF%FE",
    "/v1/<script>alert(1)</script>/x/y/z",
  ])("answers 404: %s", async (path) => {
    expect(await omps.call("GET", path)).toMatchObject({
      status: 404,
      headers: { "content-type": "application/json" },
      body: { status: 404, error: "NotFound" },
    });
  });
});
