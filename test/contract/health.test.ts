import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GATEWAY_DEADLINE_MS } from "../../lib/api/deadline.ts";
import type { FaultAction } from "../fakes/faults.ts";
import { type Answer, type Omps, startOmps } from "../support/omps.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({ greenwave: true });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const ping = (path = "/v1/health/ping", method = "GET", now = Date.now()): Promise<Answer> =>
  omps.call(method, path, { authorization: undefined, now });

const WORKS = { ok: true, details: "It works!" };

const SERVICES = ["quay", "koji", "greenwave"] as const;
type Service = (typeof SERVICES)[number];

/** Makes what a health check asks a service go wrong. */
function spoil(service: Service, action: FaultAction): void {
  if (service === "quay") omps.quay.faults = [{ op: "version", do: action }];
  if (service === "koji") omps.koji.faults = [{ op: "getAPIVersion", do: action }];
  if (service === "greenwave") omps.greenwave.faults = [{ op: "about", do: action }];
}

async function untilClosed(): Promise<void> {
  const open = () => SERVICES.some((service) => omps[service].openSockets() > 0);
  while (open()) await wait(1);
}

describe.each(["v1", "v2"])("/%s/health/ping", (api) => {
  it.each(["GET", "HEAD"])("needs no token, and is 200 when everything works (%s)", async (method) => {
    const answer = await ping(`/${api}/health/ping`, method);

    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ "content-type": "application/json" });
    expect(answer.body).toEqual({
      ok: true,
      status: 200,
      services: { quay: WORKS, koji: WORKS, greenwave: WORKS },
    });
  });

  it("is one of the paths that know no other method but DELETE, for the organization named health", async () => {
    expect(await ping(`/${api}/health/ping`, "POST")).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD, DELETE" },
    });
  });
});

it("asks each service the one thing, and writes nothing", async () => {
  await ping();

  expect(omps.quay.requests).toMatchObject([
    { method: "GET", path: "/cnr/version", authorization: undefined },
  ]);
  expect(omps.koji.requests).toMatchObject([{ op: "getAPIVersion" }]);
  expect(omps.greenwave.requests).toMatchObject([{ op: "about" }]);
});

it("does not pass a token on", async () => {
  await omps.call("GET", "/v1/health/ping");

  expect(JSON.stringify([omps.quay.requests, omps.koji.requests, omps.greenwave.requests])).not.toMatch(
    /authorization/i,
  );
});

describe("where all organizations publish bundles", () => {
  let bundles: Omps;
  beforeAll(async () => {
    bundles = await startOmps({ config: { organizations: { acme: { target: "bundle" } } } });
  });
  beforeEach(() => bundles.reset());
  afterAll(() => bundles.close());

  it("asks the registry of images, and no application registry", async () => {
    const answer = await bundles.call("GET", "/v2/health/ping", { authorization: undefined });

    expect(answer).toMatchObject({ status: 200, body: { services: { quay: WORKS } } });
    expect(bundles.quay.requests).toMatchObject([{ method: "GET", path: "/v2/", authorization: undefined }]);
  });

  it("tells that the registry does not work", async () => {
    bundles.quay.faults = [{ op: "ping", do: { status: 503, json: {} } }];

    const answer = await bundles.call("GET", "/v2/health/ping");

    expect(answer).toMatchObject({
      status: 503,
      body: { services: { quay: { ok: false, details: expect.stringContaining("registry of images") } } },
    });
  });
});

describe("without Greenwave in the configuration", () => {
  let bare: Omps;
  beforeAll(async () => {
    bare = await startOmps();
  });
  afterAll(() => bare.close());

  it("its state is null, and it is not asked", async () => {
    const answer = await bare.call("GET", "/v2/health/ping");

    expect(answer).toMatchObject({
      status: 200,
      body: { services: { quay: WORKS, koji: WORKS, greenwave: null } },
    });
    expect(bare.greenwave.requests).toEqual([]);
  });
});

describe.each(SERVICES)("when %s does not work, the report is 503 and says so", (service) => {
  const others = Object.fromEntries(
    SERVICES.filter((other) => other !== service).map((name) => [name, WORKS]),
  );

  it.each<[string, FaultAction, RegExp]>([
    ["500", { status: 500, body: "x" }, /answered with HTTP status 500/],
    ["503", { status: 503, body: "x" }, /answered with HTTP status 503/],
    [
      "503, and to be left alone for long",
      { status: 503, headers: { "retry-after": "3600" } },
      /answered with HTTP status 503/,
    ],
    ["404", { status: 404, body: "x" }, /answered with HTTP status 404/],
    ["401", { status: 401, body: "x" }, /answered with HTTP status 401/],
    ["garbage", { status: 200, body: "not json nor xml" }, /gave no usable answer/],
    ["nothing", { status: 200, body: "" }, /gave no usable answer/],
    ["an object without the key", { status: 200, json: {} }, /gave no usable answer/],
    ["a list", { status: 200, json: [] }, /gave no usable answer/],
    ["null", { status: 200, json: null }, /gave no usable answer/],
    ["nesting without end", { status: 200, body: "[".repeat(200_000) }, /gave no usable answer/],
    ["a connection that breaks", { reset: true }, /gave no usable answer/],
    ["a connection that ends", { close: true }, /gave no usable answer/],
    ["half an answer", { truncate: 3 }, /gave no usable answer/],
  ])("%s", async (_, action, details) => {
    spoil(service, action);

    const answer = await ping();

    expect(answer).toMatchObject({
      status: 503,
      body: {
        ok: false,
        status: 503,
        services: { ...others, [service]: { ok: false, details: expect.stringMatching(details) } },
      },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/https?:|127\.0\.0\.1|\bat .*:\d+:\d+/);
    const warnings = omps.lines.filter((line) => line.includes('"level":"WARN"'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`"checked":"${service}"`, "i"));
  });
});

describe("when Koji answers with a fault", () => {
  it.each<[number, string]>([
    [1000, "psycopg2.errors: SELECT secret FROM users"],
    [1014, "offline"],
  ])("the report is 503, without the text of fault %i", async (code, text) => {
    omps.koji.faults = [{ op: "getAPIVersion", do: { fault: [code, text] } }];

    const answer = await ping();

    expect(answer).toMatchObject({ status: 503, body: { services: { quay: WORKS, koji: { ok: false } } } });
    expect(JSON.stringify(answer.body)).not.toContain(text === "offline" ? "1014" : text);
  });
});

describe("when services hang", () => {
  it("the caller has the report at the deadline, and no connection is left", async () => {
    for (const service of SERVICES) spoil(service, { hang: true });

    const answer = await ping("/v1/health/ping", "GET", Date.now() - GATEWAY_DEADLINE_MS + 300);

    const late = { ok: false, details: expect.stringContaining("did not answer in time") };
    expect(answer).toMatchObject({
      status: 503,
      body: { ok: false, services: { quay: late, koji: late, greenwave: late } },
    });
    await untilClosed();
  });

  it("the others are reported as they are", async () => {
    spoil("quay", { hang: true });

    const answer = await ping("/v1/health/ping", "GET", Date.now() - GATEWAY_DEADLINE_MS + 300);

    expect(answer).toMatchObject({
      status: 503,
      body: { services: { quay: { ok: false }, koji: WORKS, greenwave: WORKS } },
    });
  });
});

it("survives a service that fails for a moment", async () => {
  omps.quay.faults = [{ op: "version", times: 1, do: { reset: true } }];

  expect((await ping()).status).toBe(200);
});
