import { describe, expect, it } from "vitest";
import { runScript } from "../../infra/command.ts";

const bridge = (args: readonly string[], env: Record<string, string> = {}) =>
  runScript("bin/bridge.ts", args, env);

describe("npm run bridge", () => {
  it("tells how it is used", async () => {
    const { status, stdout, stderr } = await bridge(["--help"]);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run bridge -- /);
    expect(stderr).toBe("");
  });

  it("tells all that is wrong, then how it is used, and ends with 2", async () => {
    const { status, stdout, stderr } = await bridge(["--url", "http://user:correct-horse@broker"]);

    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^--url: expected .*\n--protocol: expected .*\n--bus: name .*\n\nUsage: /);
    expect(stderr).not.toContain("horse");
  });

  it("ends with 2 where AWS has no region", async () => {
    const args = ["--url", "amqp://127.0.0.1:9", "--protocol", "0-9-1", "--queue", "q", "--bus", "builds"];

    const { status, stderr } = await bridge(args, { AWS_CONFIG_FILE: "/nowhere" });

    expect(status).toBe(2);
    expect(stderr).toMatch(/^AWS: no region is known, set AWS_REGION\n/);
  });
});
