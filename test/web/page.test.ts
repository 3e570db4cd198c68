import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EXAMPLE, exampleFiles, exampleZip } from "../../infra/local/example.ts";
import { packageFiles, packageZip, VALID_SPEC } from "../support/package.ts";
import { zipOf } from "../support/zip.ts";
import { dropZip, giveToken, type Opened, type Surroundings, startBrowser } from "./browser.ts";

/** Where screenshots are left; page-valid.png and page-invalid.png are copied to docs/ by hand. */
const PICTURES = join(fileURLToPath(new URL("../..", import.meta.url)), "dist/pictures");

/** How long a package of 2 MB may take from the drop to the verdict, in milliseconds. It is told, and not held. */
const BUDGET_MS = 1000;

const hasChromium = inject("chromium");

let around: Surroundings;
beforeAll(async () => {
  if (!hasChromium) return;
  mkdirSync(PICTURES, { recursive: true });
  around = await startBrowser();
});
afterAll(() => around?.close());

function verdictOf(page: Page, title: string) {
  return page.locator("#verdict").getByRole("heading", { name: title, exact: true });
}

/** The page of a package that was dropped, with its verdict. */
async function looked(zip: Buffer, title: string, opened?: Opened): Promise<Opened> {
  const { page, ...rest } = opened ?? (await around.open());
  await dropZip(page, zip);
  await verdictOf(page, title).waitFor();
  return { page, ...rest };
}

/** A package whose one CSV has this in its spec. */
function packageWith(spec: object, more: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries(spec).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return packageZip({ spec: VALID_SPEC + lines.join(""), files: more });
}

async function picture(page: Page, name: string): Promise<void> {
  await page.getByRole("heading", { level: 1 }).click();
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Whether something of the page is beside the screen. */
function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

describe.runIf(hasChromium)("a package that is dropped", () => {
  it("is shown as a catalog would, with its channels and what would be pushed", async () => {
    const { page, faults, requests } = await looked(await exampleZip("nested"), "Valid");

    const text = (await page.textContent("#result")) ?? "";
    expect(await page.locator(".card h3 >> nth=0").textContent()).toBe("Tidewater Operator");
    expect(
      await page.locator(".card img").evaluate((image: HTMLImageElement) => image.naturalWidth),
    ).not.toBe(0);
    expect(await page.locator(".card .description strong >> nth=0").textContent()).toBe("Basin");
    expect(await page.locator(".chain >> nth=0").locator("li").allTextContents()).toEqual([
      "tidewater-operator.v0.2.0 replaces tidewater-operator.v0.1.0",
      "tidewater-operator.v0.1.0",
    ]);
    for (const part of [EXAMPLE.repository, "stable (default)", "README.md", "Owned resources", "SHA-256"])
      expect(text).toContain(part);
    await picture(page, "page-valid");
    expect(faults).toEqual([]);
    expect(requests).toEqual([`${around.url}/`, `${around.url}/v2/example/validate`]);
  });

  it("is shown with its errors, their hints, and nothing to push", async () => {
    const files = exampleFiles("flat").map(([path, content]): [string, string] => [
      path,
      content
        .toString()
        .replace(/^ {2}installModes:$/m, "  installModez:")
        .replace("strategy: deployment", "strategy: hope")
        .replace(/^ {2}maturity: .+$/m, ""),
    ]);
    const { page, faults } = await looked(zipOf(Object.fromEntries(files)), "Not valid");

    expect(await page.getByRole("heading", { name: /^Errors \(\d+\)$/ }).count()).toBe(1);
    expect(await page.locator(".findings.errors li").allTextContents()).toContainEqual(
      expect.stringContaining("Write strategy: deployment; no other is known."),
    );
    expect(await page.getByRole("button", { name: "Push" }).count()).toBe(0);
    await picture(page, "page-invalid");
    expect(faults).toEqual([]);
  });

  it("is told from an archive that cannot be read", async () => {
    const { page } = await looked(Buffer.from("no zip"), "OMPSUploadedFileError (400)");

    expect(await page.textContent("#result")).toBe("");
  });

  it("gives way to the next one", async () => {
    const opened = await looked(await exampleZip("flat"), "Valid");
    const { page } = await looked(zipOf({ "a.txt": "a" }), "Not valid", opened);

    expect(await page.locator(".card").count()).toBe(0);
  });

  it("is refused before it is sent where no request can be so large", async () => {
    const { page, requests } = await looked(Buffer.alloc(10 * 1024 * 1024 + 1), "Too large to send directly");

    expect(await page.textContent("#verdict")).toContain("/uploads");
    expect(requests).toEqual([`${around.url}/`]);
  });

  it("of 2 MB is told, and how long it took", async ({ annotate }) => {
    const versions = Array.from({ length: 100 }, (_, index) => `0.${index}.0`);
    const description = randomBytes(5_000).toString("hex");
    const spec = `${VALID_SPEC}  displayName: etcd\n  description: ${description}\n`;
    const noise = randomBytes(1_400_000);
    const files = { ...packageFiles({ layout: "nested", versions, spec }), "noise.bin": noise };
    const { page } = await around.open();
    await page.evaluate(() => {
      document.addEventListener("drop", () => performance.mark("drop"), { capture: true });
      const told = new MutationObserver(() => {
        if (document.querySelector("#verdict .good")) performance.mark("verdict");
      });
      told.observe(document.body, { childList: true, subtree: true });
    });
    await dropZip(page, zipOf(files));
    await verdictOf(page, "Valid").waitFor();

    const took = await page.evaluate(() => performance.measure("took", "drop", "verdict").duration);
    await annotate(`${Math.round(took)} ms from the drop to the verdict, of ${BUDGET_MS}`);
  });
});

describe.runIf(hasChromium)("a hostile package", () => {
  const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(2)</script><image href="http://127.0.0.1:9/a.png" width="9" height="9"/></svg>`;

  it("runs no script of its description, and loads nothing from elsewhere", async () => {
    const description = [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(2)>",
      "[a](javascript:alert(3)) [b](https://example.com/) [c](data:text/html,x) [d](&#106;avascript:alert(4))",
      "![picture](http://127.0.0.1:9/b.png)",
      "[e]: javascript:alert(5)\n\n[e]",
    ].join("\n\n");
    const icon = [{ mediatype: "image/svg+xml", base64data: Buffer.from(SVG).toString("base64") }];
    const { page, faults, requests } = await looked(packageWith({ description, icon }), "Valid");

    await page.locator(".card img").evaluate((image: HTMLImageElement) => image.decode());
    const shown = page.locator(".description");
    expect(await shown.textContent()).toContain("<script>alert(1)</script>");
    expect(await shown.textContent()).toContain("<img src=x onerror=alert(2)>");
    expect(await shown.locator("script, img, iframe, [onerror]").count()).toBe(0);
    const links = await shown.locator("a").all();
    expect(await Promise.all(links.map((link) => link.getAttribute("href")))).toEqual([
      "https://example.com/",
    ]);
    expect(await links[0]?.getAttribute("rel")).toContain("noopener noreferrer");
    expect(faults).toEqual([]);
    expect(requests).toEqual([`${around.url}/`, `${around.url}/v2/example/validate`]);
  });

  it.each([
    ["is no picture", "text/html", "PHNjcmlwdD4="],
    ["is no base64", "image/png", 'x" onerror="alert(1)'],
  ])("shows no icon that %s", async (_, mediatype, base64data) => {
    const { page, faults } = await looked(packageWith({ icon: [{ mediatype, base64data }] }), "Valid");

    expect(await page.locator(".card img").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("shows characters that turn the line or cannot be seen, and keeps them apart", async () => {
    const displayName = "safe\u202egnp.exe\u200b";
    const { page } = await looked(packageWith({ displayName }), "Valid");

    expect(await page.locator(".card h3 >> nth=0").textContent()).toBe("safeU+202Egnp.exeU+200B");
    expect(await page.locator(".card h3 bdi .mark").allTextContents()).toEqual(["U+202E", "U+200B"]);
  });

  it("is no wider than the screen, with lists in lists and long words", async () => {
    const depth = Array.from({ length: 60 }, (_, level) => `${"  ".repeat(level)}- ${"w".repeat(300)}`);
    const spec = { displayName: "n".repeat(400), description: `${depth.join("\n")}\n\n${">".repeat(500)} q` };
    const opened = await around.open({ viewport: { width: 360, height: 740 } });
    const { page, faults } = await looked(packageWith(spec), "Valid", opened);

    expect(await scrollsSideways(page)).toBe(false);
    expect(faults).toEqual([]);
  });
});

describe.runIf(hasChromium)("the page", () => {
  it("is used by keyboard alone", async () => {
    const { page } = await around.open();
    await page.locator("#file").setInputFiles({
      name: "package.zip",
      mimeType: "application/zip",
      buffer: await exampleZip("flat"),
    });
    await verdictOf(page, "Valid").waitFor();
    await page.getByLabel("Organization").focus();
    const reached: string[] = [];
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement?.id ?? ""));
    }

    expect(reached).toEqual(["token", "file", "nvr", "look", "push", expect.anything()]);
    expect(await page.locator("#verdict").getAttribute("aria-live")).toBe("polite");
  });

  it.each(["light", "dark"] as const)("is readable on a phone, %s", async (colorScheme) => {
    const opened = await around.open({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = await looked(await exampleZip("nested"), "Valid", opened);

    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe(colorScheme === "dark" ? "rgb(21, 24, 28)" : "rgba(0, 0, 0, 0)");
    expect(await scrollsSideways(page)).toBe(false);
    await picture(page, `phone-${colorScheme}`);
  });

  it("asks for the organization, and looks when it is there", async () => {
    const { page, requests } = await around.open();
    await page.getByLabel("Organization").fill("");
    await dropZip(page, await exampleZip("flat"));
    await verdictOf(page, "Which organization?").waitFor();
    expect(requests).toEqual([`${around.url}/`]);

    await page.keyboard.type("example");
    await page.keyboard.press("Enter");
    await verdictOf(page, "Valid").waitFor();
  });

  it("looks at a build with a token, and says what it needs without one", async () => {
    const { page } = await around.open();
    await page.getByLabel("N-V-R").fill(EXAMPLE.nvr);
    await page.keyboard.press("Enter");
    await verdictOf(page, "OMPSAuthorizationHeaderRequired (403)").waitFor();

    await giveToken(page);
    await page.keyboard.press("Enter");
    await verdictOf(page, "Valid").waitFor();
    expect(await page.textContent("#result")).toContain("1.0.0");
  });
});

describe.runIf(hasChromium)("a push", () => {
  it("needs a token, and tells its release", async () => {
    const { page, faults, requests } = await looked(await exampleZip("nested"), "Valid");
    await page.getByRole("button", { name: "Push" }).click();
    await page.getByRole("heading", { name: "A push needs a token" }).waitFor();
    expect(requests.filter((url) => url.endsWith("/zipfile"))).toEqual([]);

    await giveToken(page);
    const pushed = page.waitForRequest((request) => request.url().endsWith("/zipfile"));
    await page.getByRole("button", { name: "Push" }).click();
    const headers = await (await pushed).allHeaders();
    await page.getByRole("heading", { name: "Pushed", exact: true }).waitFor();

    expect(await page.textContent("#pushed")).toMatch(
      /example\/tidewater-operator is released as \d+\.0\.0\./,
    );
    expect(headers).toMatchObject({
      "idempotency-key": expect.stringMatching(/^"[0-9a-f]{32}"$/),
      prefer: "respond-async",
    });
    expect(requests.some((url) => url.includes("/v2/operations/"))).toBe(true);
    expect(await page.getByRole("button", { name: "Push" }).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("leaves the token neither in the address nor in what the browser keeps", async () => {
    const { page, requests } = await around.open();
    await giveToken(page);
    await looked(await exampleZip("flat"), "Valid", { page, requests, faults: [] });

    const kept = await page.evaluate(() => [location.href, localStorage.length, sessionStorage.length]);
    expect(kept).toEqual([`${around.url}/`, 0, 0]);
    expect(await page.context().cookies()).toEqual([]);
    await page.reload();
    expect(await page.getByLabel("Token").inputValue()).toBe("");
  });

  it("that Quay refuses says why, and can be sent again", async () => {
    const { page } = await looked(await exampleZip("flat"), "Valid");
    await page.getByLabel("Token").fill("basic bm9ib2R5Om5vdGhpbmc=");
    await page.getByRole("button", { name: "Push" }).click();
    await page.locator("#pushed").getByRole("heading", { name: "QuayAuthorizationError (403)" }).waitFor();

    expect(await page.getByRole("button", { name: "Push" }).isEnabled()).toBe(true);
  });
});
