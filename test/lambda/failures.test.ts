import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deployed, written } from "./written.ts";

/** A handler that gives the ID of its process. */
const PID = "export const handler = async () => process.pid;";

describe("a function that cannot start is told with the runtime's words", () => {
  it.each<[string, string, string, string]>([
    [
      "a module that throws",
      `throw new TypeError("no configuration"); ${PID}`,
      "TypeError",
      "no configuration",
    ],
    [
      "a module that is no JavaScript",
      "export const handler = ;",
      "Runtime.UserCodeSyntaxError",
      "Unexpected",
    ],
    ["a module without a handler", "export const handle = () => {};", "Runtime.HandlerNotFound", "handler"],
    ["a handler with a callback", "export const handler = (a, b, c) => c();", "Runtime.Callback", "callback"],
    ["a missing file", `import "./chunks/missing.mjs"; ${PID}`, "Error", "chunks/missing.mjs"],
    ["a missing package", `import "no-such-package"; ${PID}`, "Error", "no-such-package"],
    ["a module that ends the process", `process.exit(3); ${PID}`, "Runtime.ExitError", "exit status 3"],
  ])("%s", async (_, module, type, words) => {
    const { lambda, lines } = await written(module);

    const failed = lambda.invoke({});

    await expect(failed).rejects.toMatchObject({
      fault: { errorType: expect.stringContaining(type), errorMessage: expect.stringContaining(words) },
    });
    // A module that ends the process says nothing before.
    expect(lines.join("\n").includes(words)).toBe(type !== "Runtime.ExitError");
  });

  it("a chunk that is not deployed with it", async () => {
    const incomplete = mkdtempSync(join(tmpdir(), "omps-incomplete-"));
    cpSync(process.env["OMPS_TEST_RUNTIME"] ?? "", incomplete, { recursive: true });
    const text = readFileSync(join(incomplete, "push-zipfile.mjs"), "utf8");
    const [, chunk = ""] = /from"\.\/(chunks\/[^"]+)"/.exec(text) ?? [];
    rmSync(join(incomplete, chunk));
    const { lambda } = await deployed("push-zipfile", incomplete);

    await expect(lambda.invoke({})).rejects.toThrow(`Cannot find module '${join(incomplete, chunk)}'`);
  });

  it("and is tried anew with the next event", async () => {
    const { lambda } = await written(
      `import { existsSync, writeFileSync } from "node:fs";
       if (!existsSync("tried")) { writeFileSync("tried", ""); throw new Error("not at first"); }
       ${PID}`,
    );

    await expect(lambda.invoke({})).rejects.toThrow("written: Error: not at first");
    await expect(lambda.invoke({})).resolves.toEqual(expect.any(Number));
  });
});

describe("a crash outside of the handler", () => {
  const crashing = `export const handler = async ({ crash }) => {
    if (!crash) return process.pid;
    console.log("about to crash");
    setTimeout(() => { throw new RangeError("outside"); });
    await new Promise(() => {});
  };`;

  it("is an error with the last words of the process", async () => {
    const { lambda, lines } = await written(crashing);

    const failed = lambda.invoke({ crash: true });

    await expect(failed).rejects.toMatchObject({
      fault: { errorType: "Runtime.ExitError", errorMessage: "Runtime exited with error: exit status 1" },
      message: expect.stringMatching(/about to crash.*RangeError: outside/s),
    });
    expect(lines.join("\n")).toMatch(/about to crash.*RangeError: outside/s);
  });

  it("leaves the next event a new process", async () => {
    const { lambda } = await written(crashing);

    const first = await lambda.invoke({});
    await expect(lambda.invoke({ crash: true })).rejects.toThrow("Runtime.ExitError");
    const next = await lambda.invoke({});

    expect(next).toEqual(expect.any(Number));
    expect(next).not.toBe(first);
  });
});

it("what a handler throws is its error, and the process lives on", async () => {
  const { lambda } = await written(`export const handler = async ({ fail }) => {
    if (fail) throw new RangeError("inside");
    return process.pid;
  };`);

  const first = await lambda.invoke({});
  await expect(lambda.invoke({ fail: true })).rejects.toMatchObject({
    fault: { errorType: "RangeError", errorMessage: "inside" },
  });

  expect(await lambda.invoke({})).toBe(first);
});

it("a handler that waits for what never comes ends its process, as the event loop is empty", async () => {
  const { lambda } = await written("export const handler = () => new Promise(() => {});");

  await expect(lambda.invoke({})).rejects.toMatchObject({
    fault: { errorType: "Runtime.ExitError", errorMessage: "Runtime exited without providing a reason" },
  });
});

it("a handler that does not answer is ended when its time is over", async () => {
  const { lambda } = await written(
    `export const handler = async ({ hang }) => {
      if (hang) await new Promise(() => setInterval(() => {}, 1000));
      return process.pid;
    };`,
    300,
  );

  await expect(lambda.invoke({ hang: true })).rejects.toMatchObject({
    fault: { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 0.30 seconds" },
  });
  await expect(lambda.invoke({})).resolves.toEqual(expect.any(Number));
});
