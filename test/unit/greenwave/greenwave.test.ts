import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GreenwaveError, GreenwaveUnsatisfiedError, OmpsError } from "../../../lib/errors/index.ts";
import { Greenwave, MAX_DECISION_BYTES } from "../../../lib/greenwave/index.ts";
import { HttpClient, MAX_JSON_DEPTH } from "../../../lib/http/index.ts";
import type { FaultAction } from "../../fakes/faults.ts";
import { type GreenwaveFake, startGreenwaveFake } from "../../fakes/greenwave.ts";

const NVR = "etcd-operator-container-0.9.4-1";
const SETTINGS = { context: "omps_push", product_version: "product-1" };

let fake: GreenwaveFake;
let http: HttpClient;
beforeAll(async () => {
  fake = await startGreenwaveFake();
});
beforeEach(() => {
  fake.reset();
  http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {} });
});
afterEach(() => http.close());
afterAll(() => fake.close());

const greenwave = (client = http) => new Greenwave(client, { ...SETTINGS, url: fake.url });

/** What the decision's answer is to be. */
const answer = (action: FaultAction) => {
  fake.faults = [{ op: "decision", do: { status: 200, contentType: "application/json", ...action } }];
};

async function failure(work: Promise<unknown>): Promise<OmpsError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof OmpsError ? error : expect.fail(`no error of the contract: ${String(error)}`);
}

describe("the question whether a build may go on", () => {
  it("names the build, and the policies by the configuration", async () => {
    await greenwave().decision(NVR);

    expect(fake.requests).toMatchObject([
      {
        method: "POST",
        path: "/api/v1.0/decision",
        headers: { "content-type": "application/json" },
        body: {
          product_version: "product-1",
          decision_context: "omps_push",
          subject_type: "koji_build",
          subject_identifier: NVR,
        },
      },
    ]);
    expect(Object.keys(Object(fake.requests[0]?.body))).toHaveLength(4);
  });

  it.each(["", "/", "//"])("goes to the same place whether the address ends in %j", async (end) => {
    await new Greenwave(http, { ...SETTINGS, url: `${fake.url}${end}` }).decision(NVR);

    expect(fake.requests.map(({ op }) => op)).toEqual(["decision"]);
  });

  it("may go to a path below another one", async () => {
    const below = new Greenwave(http, { ...SETTINGS, url: `${fake.url}/gate/` });

    expect(await failure(below.decision(NVR))).toBeInstanceOf(GreenwaveError);
    expect(fake.requests.map(({ path }) => path)).toEqual(["/gate/api/v1.0/decision"]);
  });

  it.each<[string, FaultAction]>([
    ["503", { status: 503 }],
    ["a connection that breaks", { reset: true }],
  ])("is asked again after %s, since it changes nothing", async (_, action) => {
    fake.faults = [{ op: "decision", times: 2, do: action }];

    await greenwave().decision(NVR);

    expect(fake.requests).toHaveLength(3);
  });
});

describe("a build", () => {
  it("may go on when the policies are satisfied, and the reasons are given", async () => {
    expect(await greenwave().decision(NVR)).toMatchObject({
      policies_satisfied: true,
      applicable_policies: ["omps_push"],
    });
  });

  it("may go on without any reasons", async () => {
    answer({ json: { policies_satisfied: true } });

    expect(await greenwave().decision(NVR)).toEqual({ policies_satisfied: true });
  });

  it("may not when they are not satisfied: the caller sees all that Greenwave says", async () => {
    fake.refuse(NVR);

    const error = await failure(greenwave().decision(NVR));

    expect(error).toBeInstanceOf(GreenwaveUnsatisfiedError);
    expect(error).toMatchObject({
      status: 400,
      error: "GreenwaveUnsatisfiedError",
      details: {
        greenwave_response: {
          policies_satisfied: false,
          unsatisfied_requirements: [{ type: "test-result-missing", subject_identifier: NVR }],
        },
      },
    });
    expect(error.message).toMatch(
      /for product-1 \(omps_push\) are not satisfied by the build etcd-.* \(1 of 1 required test results missing\)/,
    );
  });

  it.each([false, null, 0])("may not when policies_satisfied is %j", async (policies_satisfied) => {
    answer({ json: { policies_satisfied, summary: 5 } });

    const error = await failure(greenwave().decision(NVR));

    expect(error).toBeInstanceOf(GreenwaveUnsatisfiedError);
    expect(error.details).toEqual({ greenwave_response: { policies_satisfied, summary: 5 } });
  });

  it.each([["true"], ["false"], [1], [[]], [{}], [""]])(
    "is not decided on when policies_satisfied is %j, which is no boolean",
    async (policies_satisfied) => {
      answer({ json: { policies_satisfied } });

      const error = await failure(greenwave().decision(NVR));

      expect(error).toBeInstanceOf(GreenwaveError);
      expect(error.details).toEqual({ greenwave_response: { policies_satisfied } });
      expect(error.message).toContain(`to be true or false, got ${JSON.stringify(policies_satisfied)}.`);
    },
  );

  it("is not decided on when policies_satisfied is missing", async () => {
    answer({ json: { summary: "x" } });

    const error = await failure(greenwave().decision(NVR));

    expect(error).toBeInstanceOf(GreenwaveError);
    expect(error.details).toEqual({ greenwave_response: { summary: "x" } });
    expect(error.message).toContain("got none.");
  });
});

describe("no usable answer is a GreenwaveError", () => {
  const satisfied = { policies_satisfied: true };
  it.each<[string, FaultAction, object]>([
    ["another status, even if it says yes", { status: 201, json: satisfied }, satisfied],
    ["a failure that says yes", { status: 500, json: satisfied }, satisfied],
    ["400", { status: 400, json: { message: "bad" } }, { message: "bad" }],
    ["404, no policy applies", { status: 404, json: { message: "no policies" } }, { message: "no policies" }],
    ["404 with a page", { status: 404, body: "<h1>" }, {}],
    ["500 with a page", { status: 500, body: "<h1>" }, {}],
    ["503", { status: 503, json: { message: "x" } }, { message: "x" }],
    ["a redirect, which is not followed", { status: 302, headers: { location: "/api/v1.0/about" } }, {}],
    ["no JSON", { body: "<html>" }, {}],
    ["nothing", { body: "" }, {}],
    ["a list", { json: [satisfied] }, {}],
    ["null", { json: null }, {}],
    ["a text", { json: "policies_satisfied" }, {}],
    ["half an answer", { json: satisfied, truncate: 10 }, {}],
    ["a connection that breaks", { reset: true }, {}],
    ["a connection that ends", { close: true }, {}],
  ])("%s", async (_, action, greenwave_response) => {
    answer(action);

    const error = await failure(greenwave().decision(NVR));

    expect(error).toBeInstanceOf(GreenwaveError);
    expect(error).toMatchObject({ status: 500, error: "GreenwaveError" });
    expect(error.details).toEqual({ greenwave_response });
    expect(fake.requests.every(({ op }) => op === "decision")).toBe(true);
  });

  it("no answer in time", async () => {
    answer({ hang: true });
    const hurried = http.within(50);

    const error = await failure(greenwave(hurried).decision(NVR));

    expect(error).toBeInstanceOf(GreenwaveError);
    expect(error.message).toBe(
      `Greenwave did not answer in time: cannot get the decision on ${NVR}. Try again.`,
    );
  });

  it("more than can be shown to the caller", async () => {
    const text = (bytes: number) => {
      const empty = JSON.stringify({ policies_satisfied: true, summary: "" });
      return empty.replace('""', `"${"x".repeat(bytes - empty.length)}"`);
    };
    answer({ body: text(MAX_DECISION_BYTES + 1) });
    expect((await failure(greenwave().decision(NVR))).details).toEqual({ greenwave_response: {} });

    answer({ body: text(MAX_DECISION_BYTES) });
    expect(await greenwave().decision(NVR)).toMatchObject({ policies_satisfied: true });
  });

  it("deeper nesting than can be shown to the caller", async () => {
    const nested = (depth: number) =>
      `{"policies_satisfied":true,"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    answer({ body: nested(MAX_JSON_DEPTH + 1) });
    expect(await failure(greenwave().decision(NVR))).toBeInstanceOf(GreenwaveError);
    answer({ body: nested(200_000) });
    expect(await failure(greenwave().decision(NVR))).toBeInstanceOf(GreenwaveError);

    answer({ body: nested(MAX_JSON_DEPTH) });
    expect(await greenwave().decision(NVR)).toMatchObject({ policies_satisfied: true });
  });
});

describe("Greenwave's version", () => {
  it("tells that it works", async () => {
    expect(await greenwave().about()).toBe("1.9.2");
    expect(fake.requests).toMatchObject([{ method: "GET", path: "/api/v1.0/about" }]);
  });

  it.each<[string, FaultAction]>([
    ["404", { status: 404 }],
    ["a page", { status: 200, body: "<html>" }],
    ["a list", { status: 200, json: ["1.9.2"] }],
    ["no version", { status: 200, json: {} }],
    ["a version that is no text", { status: 200, json: { version: 1 } }],
    ["a connection that breaks", { reset: true }],
  ])("is not known after %s: a GreenwaveError", async (_, action) => {
    fake.faults = [{ op: "about", do: action }];

    expect(await failure(greenwave().about())).toBeInstanceOf(GreenwaveError);
  });
});

describe("the fake of Greenwave", () => {
  const ask = async (body: unknown, type = "application/json") => {
    const init = { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) };
    const response = await fetch(`${fake.url}/api/v1.0/decision`, init);
    return [response.status, await response.json()];
  };

  it("wants JSON, and to be told everything", async () => {
    expect(await ask({}, "text/plain")).toMatchObject([415, {}]);
    expect(await ask("x")).toEqual([400, { message: "Missing required product version" }]);
    expect(await ask({ product_version: "p" })).toEqual([
      400,
      { message: "Missing required decision context" },
    ]);
  });

  it("forgets on reset", async () => {
    fake.refuse(NVR);
    fake.faults = [{ op: "*", do: { status: 500 } }];
    fake.reset();

    expect(await greenwave().decision(NVR)).toMatchObject({ policies_satisfied: true });
    expect(fake.requests).toHaveLength(1);
  });
});
