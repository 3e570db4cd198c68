import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { EXAMPLE, EXAMPLE_TOKEN } from "../../infra/local/example.ts";
import { type StartedService, startService } from "../support/started-service.ts";
import { chromiumFiles } from "../tools/chromium.ts";

/** A page of the service in a browser, and what happened there that must not. */
export interface Opened {
  readonly page: Page;
  /** What the page's policy forbade, scripts that failed, and dialogs of scripts that were not ours. */
  readonly faults: string[];
  /** Addresses that were asked, of any origin; pictures that are in the page are none. */
  readonly requests: string[];
}

export interface Surroundings {
  readonly url: string;
  open(options?: BrowserContextOptions): Promise<Opened>;
  close(): Promise<void>;
}

/** Starts the service and the browser. */
export async function startBrowser(): Promise<Surroundings> {
  const { program, environment } = await chromiumFiles();
  const service: StartedService = await startService();
  // Its sandbox needs rights that containers do not have; it opens only what these tests give it.
  const browser: Browser = await chromium.launch({
    executablePath: program,
    chromiumSandbox: false,
    env: { ...process.env, ...environment },
  });
  return {
    url: service.url,
    open: (options = {}) => open(browser, service.url, options),
    async close() {
      await browser.close();
      await service.end();
    },
  };
}

async function open(browser: Browser, url: string, options: BrowserContextOptions): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 860, height: 1100 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: string[] = [];
  page.on("request", (request) => !request.url().startsWith("data:") && requests.push(request.url()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/security policy|trusted ?type/i.test(message.text())) faults.push(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
      console.error("security policy:", violatedDirective, blockedURI, sample);
    });
  });
  await page.goto(url);
  await page.getByLabel("Organization").fill(EXAMPLE.organization);
  return { page, faults, requests };
}

/** Drops a file on the page. */
export async function dropZip(page: Page, zip: Buffer, name = "package.zip"): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([base64, name]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([bytes], name, { type: "application/zip" }));
      return made;
    },
    [zip.toString("base64"), name] as const,
  );
  await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
}

/** Writes the token of the example's caller. */
export async function giveToken(page: Page): Promise<void> {
  await page.getByLabel("Token").fill(EXAMPLE_TOKEN);
}
