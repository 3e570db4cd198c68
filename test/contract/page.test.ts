import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Omps, startOmps } from "../support/omps.ts";

/** Most bytes of the page as browsers get it, compressed. */
const MAX_COMPRESSED = 60_000;

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
afterAll(() => omps.close());

describe("GET /", () => {
  it("gives whoever asks a page that runs its own script, and talks to this API only", async () => {
    const { headers, text = "" } = await omps.call("GET", "/", { authorization: undefined });

    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(String(headers["content-security-policy"]).split("; ")).toEqual([
      "default-src 'none'",
      `script-src '${hashOf(text, "script")}'`,
      `style-src '${hashOf(text, "style")}'`,
      "img-src data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(omps.ops()).toEqual([]);
  });

  it(`is at most ${MAX_COMPRESSED} bytes, compressed`, async () => {
    const { text = "" } = await omps.call("GET", "/");

    expect(gzipSync(text).length).toBeLessThan(MAX_COMPRESSED);
  });

  it("tells who has it already that it is the same", async () => {
    const { headers } = await omps.call("GET", "/");
    const again = await omps.call("GET", "/", { headers: { "if-none-match": String(headers["etag"]) } });

    expect(again).toMatchObject({ status: 304, text: "" });
  });

  it("takes a HEAD, and no POST", async () => {
    expect(await omps.call("HEAD", "/")).toMatchObject({ status: 200 });
    expect(await omps.call("POST", "/")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });
});

function hashOf(page: string, name: string): string {
  const [, text = ""] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page) ?? [];
  expect(text).not.toBe("");
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
