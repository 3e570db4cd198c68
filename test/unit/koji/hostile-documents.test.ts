import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  body,
  buildErrorOf,
  document,
  type HostileCase,
  type HostileHub,
  outcomeOf,
  startHostileHub,
  value,
} from "../../fakes/koji/hostile.ts";

/** Long enough for the largest document here. */
const TIMEOUT_MS = 20_000;

const error = (text: RegExp) => ({ error: expect.stringMatching(text) });
const notXmlRpc = error(/is not XML-RPC/);
const openEnd = error(/does not end with <\/methodResponse>/);
const doctype = error(/has a DOCTYPE/);
const notUtf8 = error(/is not UTF-8/);

const fault = (content: string) => body(`<methodResponse><fault>${content}</fault></methodResponse>`);
const faultStruct =
  "<value><struct><member><name>faultCode</name><value><int>1000</int></value></member>" +
  "<member><name>faultString</name><value><string>boom</string></value></member></struct></value>";
const untyped = { type: "" };
const latin1 = (text: string) => Buffer.from(text, "latin1");
const entities = Array.from({ length: 9 }, (_, index) => {
  return `<!ENTITY lol${index + 1} "${`&lol${index};`.repeat(10)}">`;
});

const VALUES: readonly HostileCase[] = [
  ["ok", value("<int>1</int>"), { value: 1 }],
  ["nil", value("<nil/>"), { value: null }],
  ["ex:nil", value("<ex:nil/>"), notXmlRpc],
  ["ex:i8", value("<ex:i8>12345678901</ex:i8>"), notXmlRpc],
  ["i8", value("<i8>9223372036854775807</i8>"), { value: "9223372036854775807" }],
  ["int-too-big(in <int>)", value("<int>9007199254740993</int>"), { value: 9007199254740992 }],
  ['int junk "12abc"', value("<int>12abc</int>"), { value: 12 }],
  ["bool true", value("<boolean>true</boolean>"), notXmlRpc],
  ["double nan", value("<double>nan</double>"), notXmlRpc],
  ["double inf", value("<double>inf</double>"), notXmlRpc],
  [
    "date naive",
    value("<dateTime.iso8601>20260101T10:20:30</dateTime.iso8601>"),
    { value: expect.any(Date) },
  ],
  ["date Z", value("<dateTime.iso8601>2026-01-01T10:20:30Z</dateTime.iso8601>"), { value: expect.any(Date) }],
  ["date bad", value("<dateTime.iso8601>yesterday</dateTime.iso8601>"), notXmlRpc],
  ["base64", value("<base64>aGVsbG8=</base64>"), { value: Buffer.from("hello") }],
  ["untyped value", value("plain"), { value: "plain" }],
  ["html entity", value("<string>&eacute;&nbsp;</string>"), { value: "é\u00a0" }],
  ["nul byte", value("<string>a\0b</string>"), { value: "a\0b" }],
  ["CDATA", value("<string><![CDATA[<a>&amp;</a>]]></string>"), { value: "<a>&amp;</a>" }],
  ["whitespace keep", value("<string>  a \n b  </string>"), { value: "  a \n b  " }],
  ["bom", body(`\ufeff${document("<int>1</int>")}`), { value: 1 }],
];

const FAULTS: readonly HostileCase[] = [
  ["fault", fault(faultStruct), { fault: [1000, "boom"] }],
  ["fault empty element", fault(""), notXmlRpc],
  ["fault nil", fault("<value><nil/></value>"), notXmlRpc],
  ["fault string", fault("<value><string>x</string></value>"), notXmlRpc],
];

const STRUCTURES: readonly HostileCase[] = [
  ["params empty", body("<methodResponse><params></params></methodResponse>"), notXmlRpc],
  [
    "two params",
    body(
      "<methodResponse><params><param><value><int>1</int></value></param><param><value><int>2</int></value></param></params></methodResponse>",
    ),
    notXmlRpc,
  ],
  [
    "struct no value",
    value(
      "<struct><member><name>a</name></member><member><name>b</name><value><int>1</int></value></member></struct>",
    ),
    { value: { a: "b", 1: undefined } },
  ],
  [
    "proto key",
    value(
      "<struct><member><name>__proto__</name><value><struct><member><name>isAdmin</name><value><boolean>1</boolean></value></member></struct></value></member></struct>",
    ),
    { value: {} },
  ],
  [
    "mismatched tags",
    body(
      "<methodResponse><params><param><value><struct><member><name>a</name><value><string>x</value></member></methodResponse>",
    ),
    { value: { a: "x" } },
  ],
  [
    "cross-nested",
    body(
      "<methodResponse><params><param><value><array><struct></array></struct></value></param></params></methodResponse>",
    ),
    { value: [{}] },
  ],
  [
    "unclosed everything then close root",
    body("<methodResponse><params><param><value><int>7</methodResponse>"),
    { value: 7 },
  ],
  [
    "params unclosed",
    body("<methodResponse><params><param><value><int>7</int></value></param></methodResponse>"),
    { value: 7 },
  ],
  [
    "deep nesting 100k",
    value(
      `${"<array><data><value>".repeat(100_000)}<int>1</int>${"</value></data></array>".repeat(100_000)}`,
    ),
    notXmlRpc,
  ],
];

const OTHER_DOCUMENTS: readonly HostileCase[] = [
  ["empty 200", body(""), openEnd],
  ["text 200", body("hello"), openEnd],
  [
    "html 200",
    body("<!DOCTYPE html><html><head><title>Log in</title></head></html>", { type: "text/html" }),
    doctype,
  ],
  ["html 200 no title", body("<html><body><p>hi</body></html>", { type: "text/html" }), openEnd],
  ["json 200", body('{"error":"x"}', { type: "application/json" }), openEnd],
  [
    "gzip",
    body(gzipSync(document("<int>1</int>")), { headers: { "Content-Encoding": "gzip" } }),
    error(/is compressed/),
  ],
  [
    "truncated, clean end",
    body("<methodResponse><params><param><value><struct><member><name>a</name><value><string>x</st"),
    openEnd,
  ],
  ["truncated in string, clean end", body("<methodResponse><params><param><value><string>some te"), openEnd],
  [
    "bad entity",
    value("<string>&nosuch; & &#xD800; &#99999999;</string>"),
    error(/refers to a character that does not exist/),
  ],
  [
    "billion laughs",
    body(
      `<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol0 "lol">${entities.join("")}]>${document("<string>&lol9;</string>", "")}`,
    ),
    doctype,
  ],
  [
    "xxe file",
    body(
      `<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${document("<string>&x;</string>", "")}`,
    ),
    doctype,
  ],
  [
    "big doctype 1MB",
    body(`<?xml version='1.0'?><!DOCTYPE ${"x".repeat(1_000_000)}>${document("<int>1</int>", "")}`),
    doctype,
  ],
  [
    "big comment 1MB",
    body(`<?xml version='1.0'?><!--${"x".repeat(1_000_000)}-->${document("<int>1</int>", "")}`),
    { value: 1 },
  ],
  ["bad utf8", body(latin1(document("<string>\xff\xfe\xc3</string>")), untyped), notUtf8],
  ["utf16", body(Buffer.from(`\ufeff${document("<int>1</int>")}`, "utf16le"), untyped), notUtf8],
  [
    "latin1 declared",
    body(
      latin1(`<?xml version='1.0' encoding='iso-8859-1'?>\n${document("<string>\xe9</string>", "")}`),
      untyped,
    ),
    notUtf8,
  ],
];

/** What getBuild makes of it, where that is not KojiError. */
const BUILD_ERRORS: Readonly<Record<string, string>> = {
  nil: "KojiNVRBuildNotFound",
  "proto key": "KojiNotAnOperatorImage",
};

let hub: HostileHub;
beforeAll(async () => {
  hub = await startHostileHub();
});
afterAll(() => hub.close());

describe.each([
  ["values", VALUES],
  ["faults", FAULTS],
  ["structures", STRUCTURES],
  ["other documents", OTHER_DOCUMENTS],
])("%s", (_, cases) => {
  it.each(cases)("%s", async (name, answer, outcome) => {
    expect(await outcomeOf(hub, answer, TIMEOUT_MS)).toEqual(outcome);

    const refusal = await buildErrorOf(hub, TIMEOUT_MS);
    expect(refusal.error).toBe(BUILD_ERRORS[name] ?? "KojiError");
    expect(refusal.message).not.toMatch(/boom|lol|passwd/);
  });
});

it("leaves the prototype of all objects as it is", () => {
  expect(Reflect.get({}, "isAdmin")).toBeUndefined();
});
