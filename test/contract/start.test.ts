import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "omps-test-"));
const running: ChildProcess[] = [];

interface Started {
  readonly child: ChildProcess;
  /** All that it has said when it is ready, or has ended. */
  readonly said: string;
}

async function start(env: Record<string, string>, ...options: string[]): Promise<Started> {
  const child = spawn(process.execPath, ["infra/local/start.ts", ...options], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  running.push(child);
  const { promise, resolve } = Promise.withResolvers<void>();
  let said = "";
  const listen = (chunk: Buffer) => {
    said += chunk.toString();
    if (/health\/ping\n|ready at .*, with Quay at/.test(said)) resolve();
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  child.on("close", () => resolve());
  await promise;
  return { child, said };
}

/** Resolves when the process prints this. */
function untilSaid(child: ChildProcess, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  child.stdout?.on("data", (chunk: Buffer) => chunk.includes(text) && resolve());
  return promise;
}

/** Runs a printed curl line's push or delete with fetch, as curl may not be there. */
async function follow(line: string, method = "DELETE"): Promise<unknown> {
  const [url = ""] = /http:\S+$/.exec(line) ?? [];
  const authorization = /Authorization: ([^']+)/.exec(line)?.[1] ?? "";
  const file = /file=@(\S+)/.exec(line)?.[1];
  const form = new FormData();
  if (file) form.append("file", await (await import("node:fs")).openAsBlob(file), "package.zip");
  const response = await fetch(url, {
    method: file ? "POST" : method,
    headers: { authorization },
    ...(file && { body: form }),
  });
  return { status: response.status, ...Object(await response.json()) };
}

afterEach(async () => {
  await Promise.all(
    running.splice(0).map(async (child) => {
      if (child.exitCode !== null) return;
      const closed = once(child, "close");
      child.kill("SIGTERM");
      await closed;
    }),
  );
});

describe("npm start", () => {
  it("prints lines that push and delete the example, and runs beside another one", async () => {
    const [first, second] = await Promise.all([start({ PORT: "0" }), start({ PORT: "0" })]);

    for (const { said } of [first, second]) {
      const [push = "", remove = "", build = ""] = said
        .split("\n")
        .filter((line) => line.includes("curl -H 'Authorization"));
      expect(await follow(push)).toMatchObject({ status: 200, repo: "tidewater-operator", version: "1.0.0" });
      expect(await follow(remove)).toMatchObject({ status: 200, deleted: ["1.0.0"] });
      expect(await follow(build, "POST")).toMatchObject({
        status: 200,
        repo: "tidewater-operator",
        nvr: expect.any(String),
      });
    }
  });

  it("prints lines that validate and push a bundle, and show its image", async () => {
    const { said } = await start({ PORT: "0" });
    const [validate = "", push = "", list = ""] = said
      .split("\n")
      .filter((line) => line.includes("/v2/demo-bundles/"));

    expect(await follow(validate)).toMatchObject({ status: 200, valid: true, target: "bundle" });
    const images = [{ image: expect.stringMatching(/demo-bundles\/tidewater-operator:v0\.2\.0$/) }];
    expect(await follow(push)).toMatchObject({ status: 200, version: "0.2.0", images });
    expect(await follow(list, "GET")).toMatchObject({ status: 200, releases: images });
  });

  it("prints lines that tell of a build, and show the release that comes of it", async () => {
    const { child, said } = await start({ PORT: "0" });
    const [, body = "", bus = ""] = /-d '({"Entries".+})' (http:\S+)$/m.exec(said) ?? [];
    const [, list = ""] = /'(http:\S+namespace=example)'$/m.exec(said) ?? [];
    const done = untilSaid(child, "Repository set to public");

    const headers = { "x-amz-target": "AWSEvents.PutEvents", "content-type": "application/x-amz-json-1.1" };
    const put = await fetch(bus, { method: "POST", headers, body });
    expect(await put.json()).toMatchObject({ FailedEntryCount: 0 });
    await done;

    const packages: unknown = await (await fetch(list)).json();
    expect(packages).toMatchObject([{ name: "example/tidewater-operator", releases: ["1.0.0"] }]);
  });

  it("prints a token that the fake of Quay gives out", async () => {
    const { said } = await start({ PORT: "0" });
    const [, body = "", url = ""] = /-d '([^']+)' (\S+login)/.exec(said) ?? [];
    const response = await fetch(url, { method: "POST", body });

    expect(await response.json()).toEqual({ token: /^ {2}(basic \S+)$/m.exec(said)?.[1] });
  });

  it("starts no fake where the environment or the configuration names a Quay", async () => {
    const file = join(folder, "named.json");
    writeFileSync(file, '{"quay_url": "http://127.0.0.1:2"}');

    expect((await start({ PORT: "0", QUAY_URL: "http://127.0.0.1:1" })).said).toMatch(
      /with Quay at http:\/\/127.0.0.1:1\n$/,
    );
    expect((await start({ PORT: "0", OMPS_CONFIG: file })).said).toMatch(
      /with Quay at http:\/\/127.0.0.1:2\n$/,
    );
  });

  it("has a help text", async () => {
    const { child, said } = await start({}, "--help");

    expect(said).toContain("OMPS_LOCAL_SECRETS");
    expect(child.exitCode).toBe(0);
  });
});

describe("npm start that cannot", () => {
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it.each<[string, () => Record<string, string>, RegExp]>([
    ["a port that is none", () => ({ PORT: "http" }), /^PORT must be a number .*"http"\.\n$/],
    [
      "a configuration that is not there",
      () => ({ OMPS_CONFIG: "/nowhere.json" }),
      /^\/nowhere\.json: cannot be read.*\n$/,
    ],
    [
      "a configuration that is no JSON",
      () => ({ OMPS_CONFIG: write("a.json", "{") }),
      /^.*a\.json: is not JSON.*\n$/,
    ],
    [
      "a configuration with an unknown key",
      () => ({ OMPS_CONFIG: write("b.json", '{"x": 1}') }),
      /^.*b\.json: x: is not a setting\n$/,
    ],
    [
      "secrets that are no JSON",
      () => ({ OMPS_LOCAL_SECRETS: write("c.json", "[1]") }),
      /^OMPS_LOCAL_SECRETS: .*c\.json.*\n$/,
    ],
  ])("says so in one line and exits with 1: %s", async (_, env, line) => {
    const { child, said } = await start({ PORT: "0", ...env() });

    expect(said).toMatch(line);
    expect(child.exitCode).toBe(1);
  });

  it("says so when the port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address ? String(address.port) : "";

    const { child, said } = await start({ PORT: port });

    expect(said).toBe(`Port ${port} cannot be used (EADDRINUSE). Choose another with PORT.\n`);
    expect(child.exitCode).toBe(1);
    taken.close();
  });
});
