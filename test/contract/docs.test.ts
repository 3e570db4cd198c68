import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { ROUTES } from "../../lib/api/index.ts";
import { apiDocument } from "../../lib/openapi/index.ts";
import manifest from "../../package.json" with { type: "json" };
import { checkDocumented } from "../support/documented.ts";
import { type Omps, startOmps } from "../support/omps.ts";

const document = apiDocument(manifest.version);

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
afterAll(() => omps.close());

describe("the document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const copy = z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(document)));

    expect(await new Validator().validate(copy)).toEqual({ valid: true });
  });

  it("has version and license of the package", () => {
    expect(document.info).toMatchObject({
      version: manifest.version,
      license: { identifier: manifest.license },
    });
  });

  it("has an operation for each route and method, each with a name of its own", () => {
    const routes = ROUTES.flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`));
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [
        `${method.toUpperCase()} ${path}`,
        operationId,
      ]),
    );

    expect(operations.map(([where]) => where)).toEqual(routes);
    expect(new Set(operations.map(([, id]) => id)).size).toBe(routes.length);
  });

  it("tells the token as a header for what needs one, and for nothing else", () => {
    const open = Object.entries(document.paths)
      .filter(([, methods]) => Object.values(methods).some(({ security }) => security.length === 0))
      .map(([path]) => path);

    expect(document.components.securitySchemes).toMatchObject({
      quayToken: { type: "apiKey", in: "header", name: "Authorization" },
    });
    expect(open).toEqual([
      "/v1/health/ping",
      "/v2/health/ping",
      "/v1/about",
      "/v2/about",
      "/openapi.json",
      "/docs",
      "/",
    ]);
  });

  it("has the errors of the README's table, and no others", () => {
    const rows = readFileSync("README.md", "utf8").matchAll(/^\| ([\d, ]+?) +\| ([A-Za-z, ]+?) +\|/gm);
    const told = [...rows].flatMap(([, statuses = "", ids = ""]) => {
      const all = statuses.split(", ");
      return ids.split(", ").map((id, index) => `${all[index]} ${id}`);
    });
    const errors = Object.entries(document.components.schemas)
      .map(
        ([id, { properties }]) => [id, constOf(properties, "status"), constOf(properties, "error")] as const,
      )
      .filter(([id, , error]) => id === error);

    expect(errors.map(([id, status]) => `${status} ${id}`).toSorted()).toEqual(told.toSorted());
  });
});

describe("GET /openapi.json", () => {
  it("gives the document, to whoever asks", async () => {
    const answer = await omps.call("GET", "/openapi.json", { authorization: undefined });

    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it.each(["/openapi.json", "/docs"])("tells who has it already that it is the same: %s", async (path) => {
    const { headers } = await omps.call("GET", path);
    const again = await omps.call("GET", path, { headers: { "if-none-match": String(headers["etag"]) } });
    const other = await omps.call("GET", path, { headers: { "if-none-match": '"another"' } });

    expect(again).toMatchObject({ status: 304, headers: { etag: headers["etag"] }, text: "" });
    expect(other.status).toBe(200);
  });

  it.each(["/openapi.json", "/docs"])("takes a HEAD, and no POST: %s", async (path) => {
    expect(await omps.call("HEAD", path)).toMatchObject({ status: 200 });
    expect(await omps.call("POST", path)).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });
});

describe("GET /docs", () => {
  it("gives a page that may load nothing, run nothing, and has its own style only", async () => {
    const { headers, text = "" } = await omps.call("GET", "/docs", { authorization: undefined });

    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(
      /<script|<link|<img|<iframe|\sstyle=|\son[a-z]+=|@import|url\(|(src|href)="(?!#|\/openapi\.json")/i,
    );
  });

  it("has each operation with an anchor and a command, and each error", async () => {
    const { text = "" } = await omps.call("GET", "/docs");

    for (const [path, { head: _, ...methods }] of Object.entries(document.paths)) {
      for (const [method, { operationId }] of Object.entries(methods))
        expect([`>${method.toUpperCase()} ${path}<`, `>${method.toUpperCase()}, HEAD ${path}<`]).toContain(
          new RegExp(`id="${operationId}"(>[^<]+<)`).exec(text)?.[1],
        );
    }
    expect(text).toContain(
      "curl -H &quot;Authorization: $TOKEN&quot; -F file=@manifests.zip &quot;$OMPS/v2/acme/zipfile&quot;",
    );
    expect(text).toContain("<td>400</td><td><code>PackageValidationError</code></td>");
  });

  it("leads to its own parts only", async () => {
    const { text = "" } = await omps.call("GET", "/docs");

    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...text.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(10);
    expect(ids).toEqual(expect.arrayContaining(links));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("an answer in these tests", () => {
  const route = ROUTES.find(({ path }) => path === "/v2/{organization}/zipfile");
  const headers = { "content-type": "application/json" };
  const pushed = { organization: "acme", repo: "etcd", version: "1.0.0", extracted_files: [] };
  const refused = { status: 400, error: "OMPSInvalidName", message: "No." };

  it.each([
    ["success", { status: 200, headers, body: pushed }],
    ["error", { status: 400, headers, body: refused }],
  ])("passes as documented: %s", (_, answered) => {
    checkDocumented("POST", route, answered);
  });

  it.each([
    ["a status", { status: 404, headers, body: { ...refused, status: 404 } }],
    [
      "an error that is another operation's",
      { status: 400, headers, body: { ...refused, error: "KojiError" } },
    ],
    ["an error with another status", { status: 403, headers, body: { ...refused, status: 403 } }],
    ["a further key", { status: 200, headers, body: { ...pushed, more: 1 } }],
    ["a missing key", { status: 200, headers, body: { ...pushed, repo: undefined } }],
    ["a content type", { status: 200, headers: { "content-type": "text/html" }, body: pushed }],
    ["a header", { status: 200, headers: { ...headers, "retry-after": "5" }, body: pushed }],
    ["what only API Gateway answers", { status: 413, headers, body: { message: "No." } }],
  ])("fails a test for what is not documented: %s", (_, answered) => {
    expect(() => checkDocumented("POST", route, answered)).toThrow(/POST \/v2\/\{organization\}\/zipfile/);
  });

  it("fails a test where no route matches and it is not told so", () => {
    expect(() => checkDocumented("GET", undefined, { status: 400, headers, body: refused })).toThrow(
      "no route",
    );
  });
});

function constOf(properties: unknown, key: string): string | undefined {
  const schema = z.looseObject({ const: z.optional(z.union([z.string(), z.number()])) });
  const found = z.record(z.string(), schema).safeParse(properties).data?.[key]?.const;
  return found === undefined ? undefined : String(found);
}
