import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OmpsError } from "../../../lib/errors/index.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import { KojiHub } from "../../../lib/koji/index.ts";
import { pathUrl } from "../../../lib/koji/place.ts";
import { body, type HostileHub, outcomeOf, startHostileHub } from "../../fakes/koji/hostile.ts";

const ROOT = "https://koji.example/root/";

let hub: HostileHub;
beforeAll(async () => {
  hub = await startHostileHub();
});
afterAll(() => hub.close());

const tag = fc.constantFrom(
  ..."value int i8 string struct member name array data nil boolean double fault params param html".split(
    " ",
  ),
);
const piece = fc.oneof(
  tag.map((name) => `<${name}>`),
  tag.map((name) => `</${name}>`),
  tag.map((name) => `<${name}/>`),
  fc.constantFrom(
    "faultCode",
    "faultString",
    "__proto__",
    "1",
    "x",
    "&amp;",
    "&#0;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    " ",
  ),
  fc.string({ maxLength: 5 }),
);

it("any answer is a value, a fault or a failure of the wire", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const xml = `<methodResponse>${pieces.join("")}</methodResponse>`;

      expect(await outcomeOf(hub, body(xml), 5000)).toBeDefined();
    }),
    { numRuns: 300 },
  );
});

it("any text is looked up or refused with an error of the contract", async () => {
  const http = new HttpClient({ timeoutMs: 5000, sleep: async () => {} });
  hub.answer = body("");

  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (nvr) => {
      const error = await new KojiHub(http, hub.url).build(nvr).catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(OmpsError);
    }),
    { numRuns: 300 },
  );
  http.close();
});

it("any path leads below Koji's root, or nowhere", () => {
  const name = fc.oneof(
    fc.constantFrom(".", "..", "", "%2e%2e", "vol", "a.zip", "\\", "http:"),
    fc.string({ unit: "binary" }),
  );

  fc.assert(
    fc.property(fc.array(name), (names) => {
      const url = pathUrl(ROOT, names.join("/"));

      if (url) expect(url.href.startsWith(ROOT)).toBe(true);
      if (url) expect([url.search, url.hash]).toEqual(["", ""]);
    }),
  );
});
