import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { zipOf } from "../support/zip.ts";
import { folder, json, omps, packageOf, serverThat } from "./installed.ts";

const PUSHED = { organization: "example", repo: "any", version: "1.0.0", extracted_files: ["a.yaml"] };

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder(), name);
  writeFileSync(path, content);
  return path;
}

/** A directory with so many files. */
function filesOf(count: number): string {
  const dir = folder();
  for (let at = 0; at < count; at++) writeFileSync(join(dir, `${at}.yaml`), "");
  return dir;
}

describe("what cannot be done ends with its status, and one line on stderr", () => {
  it.each<[string, () => string[], number, RegExp]>([
    ["an unknown command", () => ["pull"], 2, /no command "pull"/],
    ["an unknown option", () => ["push", "--force", "x"], 2, /Unknown option '--force'/],
    ["a missing argument", () => ["push"], 2, /Name the dir or zip: omps push <dir or zip> \[version\]/],
    ["too many arguments", () => ["releases", "a", "b"], 2, /Too many arguments: "b"/],
    ["no server", () => ["status", "--server", ""], 2, /Name the server with --server/],
    ["a server that is no URL", () => ["status", "--server", "omps"], 2, /must be a URL like/],
    ["a server with a password", () => ["status", "--server", "http://a:b@c"], 2, /no user or password/],
    ["no organization", () => ["releases", "a", "--org", ""], 2, /Name the organization/],
    ["waiting and not", () => ["push", "x", "--wait", "--async"], 2, /not both/],
    ["retries that are no number", () => ["status", "--retries", "many"], 2, /--retries must be/],
    ["an unknown shell", () => ["completion", "fish"], 2, /bash and zsh/],
    ["a path that is not there", () => ["push", "/nowhere"], 2, /There is no \/nowhere/],
    ["no zip", () => ["push", fileOf("a.zip", "text")], 1, /is no zip/],
    [
      "a broken zip",
      () => ["push", fileOf("a.zip", zipOf({ a: "b" }).subarray(0, 40))],
      1,
      /OMPSUploadedFileError/,
    ],
    ["an empty directory", () => ["push", folder()], 1, /has no files/],
    ["1,001 files", () => ["push", filesOf(1001)], 1, /has 1001 files; a package has at most 1000/],
    ["1,000 files that are no package", () => ["push", filesOf(1000)], 1, /PackageValidationError/],
    ["a version that is none", () => ["push", packageOf("any"), "1.0"], 1, /OMPSInvalidVersionFormat/],
    ["a build that is not there", () => ["push-koji", "a-1-1"], 1, /KojiNVRBuildNotFound/],
    ["an operation that is not there", () => ["status", "nothing"], 1, /OMPSOperationNotFound/],
    [
      "a server that is not there",
      () => ["status", "--server", "http://127.0.0.1:1", "--retries", "0"],
      4,
      /ECONNREFUSED/,
    ],
  ])("%s", async (_, args, status, line) => {
    const ended = await omps(args());

    expect(ended).toMatchObject({ status, stdout: "" });
    expect(ended.stderr).toMatch(/^omps: .+\n$/);
    expect(ended.stderr).toMatch(line);
  });

  it("no token, and a wrong one", async () => {
    const dir = packageOf("no-right");

    expect(await omps(["push", dir], { env: { OMPS_TOKEN: undefined } })).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^omps: There is no token for .*omps login.*\n$/),
    });
    expect(await omps(["push", dir], { env: { OMPS_TOKEN: "basic bm86bm8=" } })).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^omps: QuayAuthorizationError: .*\n$/),
    });
  });

  it("with --json, what the server said is on stdout as it came", async () => {
    const { status, stdout } = await omps(["push", packageOf("any"), "1.0", "--json"]);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 400, error: "OMPSInvalidVersionFormat" });
  });

  it("a server that is another", async () => {
    const { url } = await serverThat((response) =>
      response.writeHead(302, { location: "/login" }).end("<html>"),
    );

    const { status, stderr } = await omps(["releases", "any"], { env: { OMPS_SERVER: url } });

    expect(status).toBe(4);
    expect(stderr).toBe(
      `omps: ${url} does not answer as OMPS does: HTTP 302, no JSON and sends on to /login. Is --server right?\n`,
    );
  });

  it("text of a server does nothing to the terminal", async () => {
    const { url } = await serverThat((response, request) =>
      json(response, request, 400, { error: "E", message: "a\u001b[2J\u0007\nb" }),
    );

    expect((await omps(["releases", "any"], { env: { OMPS_SERVER: url } })).stderr).toBe(
      "omps: E: a [2J b\n",
    );
  });
});

describe("what fails in passing", () => {
  it("is sent again with the same key, in the time that the server asks for", async () => {
    const { url, got } = await serverThat((response, request, count) => {
      if (count === 1) request.socket.destroy();
      else if (count === 2)
        json(response, request, 503, { message: "Service Unavailable" }, { "retry-after": "0" });
      else json(response, request, 200, PUSHED);
    });

    const { status, stdout, stderr } = await omps(["push", packageOf("any")], { env: { OMPS_SERVER: url } });

    expect(status).toBe(0);
    expect(stdout).toBe("Pushed example/any 1.0.0 (1 file)\n");
    expect(stderr).toMatch(
      /the connection failed \(\w+\); trying again in 1 s\n.*answered 503; trying again in 0 s\n$/,
    );
    const keys = got.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(new Set(keys).size).toBe(1);
  });

  it("ends with 4 when it does not pass", async () => {
    const { url, got } = await serverThat((_, request) => request.socket.destroy());

    const { status, stderr } = await omps(["push", packageOf("any"), "--retries", "1"], {
      env: { OMPS_SERVER: url },
    });

    expect(status).toBe(4);
    expect(stderr).toMatch(/trying again in 1 s\nomps: http:\S+ cannot be reached: \w+\.\n$/);
    expect(got).toHaveLength(2);
  });

  it("is not sent again where the server says that it is a defect", async () => {
    const { url, got } = await serverThat((response, request) =>
      json(response, request, 500, { error: "InternalServerError", message: "a defect" }),
    );

    expect((await omps(["releases", "any"], { env: { OMPS_SERVER: url } })).status).toBe(4);
    expect(got).toHaveLength(1);
  });

  it("two pushes have two keys", async () => {
    const { url, got } = await serverThat((response, request) => json(response, request, 200, PUSHED));
    const dir = packageOf("any");

    await omps(["push", dir], { env: { OMPS_SERVER: url } });
    await omps(["push", dir], { env: { OMPS_SERVER: url } });

    expect(new Set(got.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
  });

  it("a body that the server does not take goes by a form, as another request", async () => {
    const { url, got } = await serverThat((response, request) => {
      const place = {
        upload: "an-id",
        url: `${url}/bucket`,
        fields: { key: "k" },
        expires: "",
        max_bytes: 1e6,
      };
      if (request.url === "/bucket") json(response, request, 200, {});
      else if (request.url?.endsWith("/uploads")) json(response, request, 201, place);
      else if (request.headers["content-type"] === "application/json") json(response, request, 200, PUSHED);
      else json(response, request, 413, { message: "Request Entity Too Large" });
    });

    const { status } = await omps(["push", packageOf("any")], { env: { OMPS_SERVER: url } });

    expect(status).toBe(0);
    expect(got.map((each) => each.url)).toEqual([
      "/v2/example/zipfile",
      "/v2/example/uploads",
      "/bucket",
      "/v2/example/zipfile",
    ]);
    expect(got[2]?.headers).not.toHaveProperty("authorization");
    expect(got[0]?.headers["idempotency-key"]).not.toBe(got[3]?.headers["idempotency-key"]);
  });
});

describe("Ctrl-C", () => {
  it("ends an upload to a slow server with 130 and one line, and pushes nothing", async () => {
    const dir = packageOf("interrupted");
    writeFileSync(join(dir, "large.bin"), randomBytes(20_000_000));
    let command: ChildProcess | undefined;
    // It reads a little, and then no more.
    const { url, got } = await serverThat((response, request) => {
      const place = {
        upload: "an-id",
        url: `${url}/bucket`,
        fields: { key: "k" },
        expires: "",
        max_bytes: 1e8,
      };
      if (request.url !== "/bucket") return json(response, request, 201, place);
      request.once("data", () => {
        request.pause();
        command?.kill("SIGINT");
      });
    });

    const { status, stdout, stderr } = await omps(["push", dir], {
      env: { OMPS_SERVER: url },
      onStart: (child) => {
        command = child;
      },
    });

    expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
    expect(stderr).toMatch(/(^|\n)omps: Interrupted\. Nothing was pushed\.\n$/);
    expect(got.map((each) => each.url)).toEqual(["/v2/example/uploads", "/bucket"]);
  });

  it("says that a push may still be done which the server has", async () => {
    let command: ChildProcess | undefined;
    const { url } = await serverThat((_, request) => {
      request.resume().on("end", () => command?.kill("SIGINT"));
    });

    const { status, stderr } = await omps(["push", packageOf("any")], {
      env: { OMPS_SERVER: url },
      onStart: (child) => {
        command = child;
      },
    });

    expect(status).toBe(130);
    expect(stderr).toBe("omps: Interrupted. The push may still be done; 'omps releases' tells.\n");
  });
});
