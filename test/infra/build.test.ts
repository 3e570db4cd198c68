import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { type Bundle, bundleFunctions } from "../../infra/build/bundle.ts";
import { readConfiguration, writeConfiguration } from "../../infra/build/configuration.ts";
import { startAws } from "../../infra/local/aws/aws.ts";
import { type IncomingCall, toEvent } from "../../infra/local/event.ts";
import {
  EXAMPLE,
  EXAMPLE_CONFIG,
  EXAMPLE_QUAY,
  EXAMPLE_TOKEN,
  exampleZip,
} from "../../infra/local/example.ts";
import { ROUTES } from "../../lib/api/index.ts";
import { VERSION } from "../../lib/app.ts";
import { packagePage } from "../../lib/page/index.ts";
import { operatorBuild, startKojiFake } from "../fakes/koji.ts";
import { startQuayFake } from "../fakes/quay.ts";
import { linesOf, runScript } from "./command.ts";

const INVOKE_BUNDLE = fileURLToPath(new URL("./invoke-bundle.ts", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "omps-build-"));
const outdir = join(folder, "functions");
let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleFunctions({ outdir });
  writeConfiguration(readConfiguration(undefined), outdir);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const answerSchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.record(z.string(), z.unknown()),
});

/** Calls a bundle in a process of its own, as Lambda does: the file, its export, and its environment. */
async function call(
  name: string,
  request: Pick<IncomingCall, "method" | "target"> & Partial<IncomingCall>,
  env: Readonly<Record<string, string>> = {},
): Promise<z.output<typeof answerSchema>> {
  const event = toEvent({ headers: { host: "localhost" }, ...request });
  const { stdout } = await runScript(INVOKE_BUNDLE, [join(outdir, `${name}.mjs`), JSON.stringify(event)], {
    OMPS_CONFIG: join(outdir, "config.json"),
    ...env,
  });
  const answer = JSON.parse(linesOf(stdout).at(-1) ?? "");
  const isJson = answer.headers["content-type"] === "application/json";
  return answerSchema.parse({ ...answer, body: isJson ? JSON.parse(answer.body) : { text: answer.body } });
}

function writtenFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function writtenText(): { file: string; text: string }[] {
  const files = readdirSync(outdir, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".mjs"),
  );
  return files.map((file) => ({ file, text: readFileSync(join(outdir, file), "utf8") }));
}

describe("the bundled functions", async () => {
  it("are the files of the folder functions, and all that the routes name", () => {
    const sources = readdirSync("functions").map((file) => file.replace(/\.ts$/, ""));

    const names = bundle.functions.map(({ name }) => name);

    expect(names).toEqual(sources.toSorted());
    expect(names).toEqual(expect.arrayContaining(ROUTES.map(({ serves }) => serves)));
  });

  it("have a stack trace's names, and maps for its places", () => {
    const { text } = writtenText().find(({ file }) => file === "push-zipfile.mjs") ?? { text: "" };

    expect(text).toContain('"UploadedFileError"');
    expect(text).toMatch(/\/\/# sourceMappingURL=push-zipfile\.mjs\.map\n$/);
    expect(readdirSync(outdir)).toContain("push-zipfile.mjs.map");
  });

  it("are less than 1 MB each, as they are zipped for Lambda", () => {
    for (const { zippedBytes } of bundle.functions) {
      expect(zippedBytes).toBeGreaterThan(10_000);
      expect(zippedBytes).toBeLessThan(1_000_000);
    }
  });

  it.each([
    { name: "about", method: "GET", target: "/v1/about", status: 200 },
    { name: "docs", method: "GET", target: "/openapi.json", status: 200 },
    { name: "not-found", method: "GET", target: "/v1/nothing/at/all/there", status: 404 },
    { name: "push-zipfile", method: "POST", target: "/v2/example/zipfile", status: 403 },
    { name: "delete-releases", method: "DELETE", target: "/v2/example/tidewater-operator", status: 403 },
  ])("answer: $name gives $status to $method $target", async ({ name, method, target, status }) => {
    const answer = await call(name, { method, target });

    expect(answer.statusCode).toBe(status);
  });

  it("have the page as the sources make it", async () => {
    const answer = await call("page", { method: "GET", target: "/" });

    expect(answer).toMatchObject({ statusCode: 200, body: { text: (await packagePage(VERSION)).text } });
  });

  it("tell which methods are allowed", async () => {
    const answer = await call("not-found", { method: "PUT", target: "/v1/about" });

    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: "GET, HEAD" } });
  });

  it("push: with all that they load when they need it", async () => {
    const quay = await startQuayFake({ seed: EXAMPLE_QUAY });
    const aws = await startAws({
      [`omps/${EXAMPLE.organization}`]: JSON.stringify({ oauth_token: EXAMPLE.oauthToken }),
    });
    writeConfiguration(
      readConfiguration(writtenFile("example.json", JSON.stringify(EXAMPLE_CONFIG))),
      outdir,
    );
    const form = new FormData();
    form.set("file", new File([await exampleZip("nested")], "package.zip"));
    const upload = new Response(form);
    const request = {
      method: "POST",
      target: `/v2/${EXAMPLE.organization}/zipfile`,
      headers: { authorization: EXAMPLE_TOKEN, "content-type": upload.headers.get("content-type") ?? "" },
      body: Buffer.from(await upload.arrayBuffer()),
    };

    const answer = await call("push-zipfile", request, {
      QUAY_URL: quay.url,
      AWS_ENDPOINT_URL: z.string().parse(aws.settings.endpoint),
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
    const packages = quay.packages();
    await Promise.all([quay.close(), aws.close()]);

    expect(answer).toMatchObject({ statusCode: 200, body: { repo: EXAMPLE.repository, version: "1.0.0" } });
    expect(packages).toEqual({
      [`${EXAMPLE.organization}/${EXAMPLE.repository}`]: { visibility: "public", releases: ["1.0.0"] },
    });
  });

  it("health: with Koji's codec, which it loads when it needs it", async () => {
    const [quay, koji] = await Promise.all([startQuayFake(), startKojiFake()]);

    const answer = await call(
      "health",
      { method: "GET", target: "/v1/health/ping" },
      { QUAY_URL: quay.url, KOJIHUB_URL: koji.hubUrl },
    );
    await Promise.all([quay.close(), koji.close()]);

    expect(answer).toMatchObject({ statusCode: 200, body: { ok: true, services: { koji: { ok: true } } } });
  });

  it("push a build, also one whose archive goes through S3", async () => {
    const quay = await startQuayFake({ seed: EXAMPLE_QUAY });
    const koji = await startKojiFake({
      seed: { builds: [operatorBuild(EXAMPLE.nvr, await exampleZip("flat"))] },
    });
    const aws = await startAws();
    writeConfiguration(readConfiguration(writtenFile("staging.json", '{"koji_stage_threshold": 1}')), outdir);
    const target = `/v2/${EXAMPLE.organization}/koji/${EXAMPLE.nvr}`;

    const answer = await call(
      "push-koji",
      { method: "POST", target, headers: { authorization: EXAMPLE_TOKEN } },
      {
        QUAY_URL: quay.url,
        KOJIHUB_URL: koji.hubUrl,
        KOJIROOT_URL: koji.rootUrl,
        OMPS_STAGING_BUCKET: "staging",
        AWS_ENDPOINT_URL: z.string().parse(aws.settings.endpoint),
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      },
    );
    const staged = [...aws.s3.objects.keys()];
    await Promise.all([quay.close(), koji.close(), aws.close()]);

    expect(answer).toMatchObject({ statusCode: 200, body: { nvr: EXAMPLE.nvr, version: "1.0.0" } });
    expect(staged).toEqual([expect.stringMatching(/^staging\/koji\/\d+\/operator_manifests\.zip$/)]);
  });

  it("tell the caller nothing and the log everything when they cannot begin", async () => {
    const event = toEvent({ method: "GET", target: "/v1/about", headers: {} });
    const { stdout, stderr } = await runScript(
      INVOKE_BUNDLE,
      [join(outdir, "about.mjs"), JSON.stringify(event)],
      {
        OMPS_CONFIG: "/nowhere/config.json",
        OMPS_DEPLOYMENT: "Production",
      },
    );
    const answer = answerSchema.shape.body.parse(JSON.parse(JSON.parse(linesOf(stdout).at(-1) ?? "").body));

    expect(answer).toMatchObject({ status: 500, error: "InternalServerError" });
    expect(answer["message"]).not.toContain("nowhere");
    expect(stderr).toContain("/nowhere/config.json: cannot be read");
    expect(stdout).toMatch(/"service":"Production","Failures":1/);
  });

  it("follow their configuration", async () => {
    const path = writtenFile("small.json", JSON.stringify({ max_content_length: 10 }));
    writeConfiguration(readConfiguration(path), outdir);
    const headers = {
      host: "localhost",
      authorization: "basic x",
      "content-type": "application/octet-stream",
    };

    const answer = await call("push-zipfile", {
      method: "POST",
      target: "/v2/example/zipfile",
      headers,
      body: Buffer.alloc(11),
    });

    expect(answer).toMatchObject({ statusCode: 413, body: { error: "RequestEntityTooLarge" } });
  });

  it("load the AWS SDK when it is first used, not at the start", () => {
    const sdk = writtenText().filter(({ text }) => text.includes("com.amazonaws.secretsmanager"));
    const atStart = bundle.functions.flatMap(({ startFiles }) => startFiles);

    expect(sdk).not.toEqual([]);
    for (const { file } of sdk) expect(atStart).not.toContain(file);
  });

  it("have nothing of the protocols that only the bridge speaks", () => {
    const parts = writtenText().filter(({ text }) => /create_container|assertQueue/.test(text));

    expect(parts).toEqual([]);
  });

  it("import none of Node's own modules, which would load all that is in them", () => {
    const imports = writtenText().flatMap(
      ({ text }) => text.match(/\b(from|import)\s*"(node:)?[a-z_/]+"/g) ?? [],
    );

    expect(imports).toEqual([]);
  });

  it("do not load for a deletion what only a push needs", () => {
    const [deletion, push] = ["delete-releases", "push-zipfile"].map((wanted) =>
      bundle.functions.find(({ name }) => name === wanted),
    );

    expect(deletion?.startBytes).toBeLessThan((push?.startBytes ?? 0) - 50_000);
  });
});

describe("a function's code that does not compile", () => {
  it("is told with its place", async () => {
    const functions = mkdtempSync(join(folder, "broken-"));
    writeFileSync(join(functions, "broken.ts"), 'import "./missing.ts";\n');

    const failed = bundleFunctions({ outdir: join(functions, "out"), functions });

    await expect(failed).rejects.toThrow(/broken\.ts:1:7: ERROR: .*missing\.ts/);
  });
});

describe("npm run build", () => {
  it("refuses a broken configuration: each problem on its line, and exit status 1", async () => {
    const path = writtenFile("broken.json", JSON.stringify({ log_level: "LOUD", colour: "red" }));

    const ended = await runScript("infra/build.ts", [], { OMPS_CONFIG: path });

    expect(ended).toMatchObject({ status: 1, stdout: "" });
    expect(linesOf(ended.stderr)).toEqual([
      expect.stringMatching(/^log_level: expected one of \[.*\], got "LOUD"$/),
      "colour: is not a setting",
    ]);
  });

  it("tells its usage when asked, and for an option that it does not have", async () => {
    const helped = await runScript("infra/build.ts", ["--help"]);
    const mistaken = await runScript("infra/build.ts", ["--watch"]);

    expect(helped).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Usage: npm run build"),
      stderr: "",
    });
    expect(mistaken).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("--watch") });
  });
});
