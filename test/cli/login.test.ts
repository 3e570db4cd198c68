import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { EXAMPLE, EXAMPLE_TOKEN } from "../../infra/local/example.ts";
import { folder, json, omps, packageOf, serverThat } from "./installed.ts";

/** A home where nobody has logged in. */
function newHome() {
  const config = folder();
  const file = join(config, "omps", "credentials.json");
  return { file, env: { XDG_CONFIG_HOME: config, OMPS_TOKEN: undefined } };
}

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("omps login", () => {
  it("stores Quay's token for the server, where only the user can read it, and pushes with it", async () => {
    const { file, env } = newHome();

    const { status, stdout, stderr } = await omps(["login", EXAMPLE.user], {
      env,
      stdin: `${EXAMPLE.password}\n`,
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(`Stored for ${inject("server")} in ${file}.\n`);
    expect([mode(file), mode(join(file, ".."))]).toEqual(["600", "700"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      servers: { [inject("server")]: { token: EXAMPLE_TOKEN } },
    });
    expect((await omps(["push", packageOf("logged-in")], { env })).status).toBe(0);
  });

  it("takes a whole token, keeps those of other servers, and forgets one at logout", async () => {
    const { file, env } = newHome();
    const other = ["--server", "https://omps.example.com/"];
    await omps(["login", ...other], { env, stdin: "basic b3RoZXI6c2VjcmV0" });
    await omps(["login"], { env, stdin: EXAMPLE_TOKEN });

    expect(Object.keys(Object(JSON.parse(readFileSync(file, "utf8"))).servers)).toEqual([
      "https://omps.example.com",
      inject("server"),
    ]);
    expect((await omps(["logout"], { env })).status).toBe(0);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      servers: { "https://omps.example.com": { token: "basic b3RoZXI6c2VjcmV0" } },
    });
  });

  it.each([
    ["no password", ["login", "a+b"], "\n"],
    ["two lines", ["login", "a+b"], "first-secret\nsecond-secret\n"],
    ["a password without a user", ["login"], "first-secret"],
    ["a user that is none", ["login", "a:b"], "first-secret"],
  ])("refuses %s with 2, and stores nothing", async (_, args, stdin) => {
    const { file, env } = newHome();

    const { status, stdout, stderr } = await omps(args, { env, stdin });

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^omps: .+\n$/);
    expect(stderr).not.toContain("secret");
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  it("says so where the file of logins is none", async () => {
    const { file, env } = newHome();
    mkdirSync(join(file, ".."));
    writeFileSync(file, "{");

    const { status, stderr } = await omps(["releases", "any"], { env });

    expect(status).toBe(2);
    expect(stderr).toBe(`omps: ${file} is no file of logins; remove it, and run 'omps login' again.\n`);
  });
});

describe("a token", () => {
  it("of the environment comes before the stored one, and stays with its server", async () => {
    const { env } = newHome();
    await omps(["login"], { env, stdin: "basic c3RvcmVk" });
    const server = await serverThat((response, request) => json(response, request, 404, { message: "no" }));
    const there = { ...env, OMPS_SERVER: server.url };

    await omps(["releases", "any"], { env: there });
    expect(server.got).toEqual([]);

    await omps(["releases", "any"], { env: { ...there, OMPS_TOKEN: "basic bmFtZWQ=" } });
    expect(server.got).toMatchObject([{ headers: { authorization: "basic bmFtZWQ=" } }]);
  });

  it("is never printed, however a command ends", async () => {
    const secret = Buffer.from("a+b:canary-of-a-token").toString("base64");
    const env = { OMPS_TOKEN: `basic ${secret}` };
    const dir = packageOf("never-printed");
    const runs = await Promise.all([
      omps(["push", dir, "--verbose"], { env }),
      omps(["push", dir, "--verbose", "--json"], { env }),
      omps(["status", "0".repeat(32), "--verbose"], { env }),
      omps(["releases", "x", "--verbose"], { env: { OMPS_TOKEN: `basic ${secret}\nand-more` } }),
      omps(["releases", "x", "--server", "http://127.0.0.1:1", "--retries", "0", "--verbose"], { env }),
    ]);

    expect(runs.map(({ status }) => status)).toEqual([3, 3, 1, 2, 4]);
    expect(JSON.stringify(runs)).not.toContain(secret);
  });
});
