import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { HttpClient, Trust, UpstreamError } from "../../../lib/http/index.ts";
import { KojiFault } from "../../../lib/koji/index.ts";
import { createLog, type Log, type LogFields, Secret } from "../../../lib/telemetry/index.ts";
import { PRIVATE_CA, startTlsServer } from "../../support/tls.ts";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
});

const log = createLog("DEBUG", (line) => void lines.push(line));
const logged = (): unknown => JSON.parse(lines.at(-1) ?? "");

/** Logs an error as the cause of a failure. */
function loggedCause(cause: unknown): string {
  log.error("Failed", { cause });
  return lines.join("\n");
}

describe("a line", () => {
  it("is one JSON text with its level, message and fields", () => {
    log
      .with({ request_id: "r" })
      .with({ route: "GET /" })
      .warn("Late", { milliseconds: 3, missing: undefined });

    expect(lines).toHaveLength(1);
    expect(Object.keys(JSON.parse(lines[0] ?? "")).slice(0, 2)).toEqual(["level", "message"]);
    expect(logged()).toEqual({
      level: "WARN",
      message: "Late",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: "omps",
      request_id: "r",
      route: "GET /",
      milliseconds: 3,
    });
  });

  it.each<[keyof Omit<Log, "with">, string]>([
    ["debug", "DEBUG"],
    ["info", "INFO"],
    ["warn", "WARN"],
    ["error", "ERROR"],
  ])("of %s has the level %s", (method, level) => {
    log[method]("Said");

    expect(logged()).toMatchObject({ level, message: "Said" });
  });

  it("is not written below the level of the log", () => {
    const quiet = createLog("WARNING", (line) => void lines.push(line));

    quiet.info("Hidden");
    quiet.warn("Shown");

    expect(lines).toHaveLength(1);
    expect(logged()).toMatchObject({ message: "Shown" });
  });

  it("of a change at Quay is written whatever the level of the log is", () => {
    const quiet = createLog("CRITICAL", (line) => void lines.push(line)).with({ request_id: "r" });

    quiet.error("Hidden");
    quiet.audit("Release pushed", { version: "1.0.0" });

    expect(lines).toHaveLength(1);
    expect(logged()).toMatchObject({ level: "INFO", audit: true, request_id: "r", version: "1.0.0" });
  });

  it("has the status of an answer of AWS that has no words", () => {
    const cause = Object.assign(new Error("UnknownError"), { $metadata: { httpStatusCode: 403 } });

    expect(loggedCause(cause)).toContain('"status":403');
  });

  it("shows no secret", () => {
    log.info("Read", { token: new Secret("canary") });

    expect(logged()).toMatchObject({ token: "[redacted]" });
  });

  it("cannot have fields named as what every line has", () => {
    const fields: LogFields[] = [
      // @ts-expect-error reserved
      { service: "Quay" },
      // @ts-expect-error reserved
      { level: "INFO" },
      // @ts-expect-error reserved
      { message: "text" },
      // @ts-expect-error reserved
      { timestamp: "now" },
      // @ts-expect-error reserved
      { sampling_rate: 1 },
      // @ts-expect-error reserved
      { xray_trace_id: "1" },
    ];

    expect(fields).toHaveLength(6);
  });
});

describe("an error is logged with", () => {
  it("its name, message, place, code and causes", () => {
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

    log.error("Failed", { cause: new RangeError("outer", { cause: reset }) });

    expect(logged()).toMatchObject({
      cause: {
        name: "RangeError",
        message: "outer",
        stack: expect.stringMatching(/^RangeError: outer\n +at .*log\.test\.ts:\d+/),
        cause: { name: "Error", message: "read ECONNRESET", code: "ECONNRESET" },
      },
    });
  });

  it("the same wherever it is in the fields", () => {
    const error = Object.assign(new Error("told"), { extra: "canary" });

    log.error("Failed", { error, list: [error], cause: { hidden: error } });

    expect(logged()).toMatchObject({ error: { message: "told" }, list: [{ message: "told" }] });
    expect(lines.join()).not.toContain("canary");
  });

  it("no form of its own", () => {
    class Talkative extends Error {
      toJSON() {
        return { body: "canary" };
      }
    }

    expect(loggedCause(new Error("outer", { cause: new Talkative("told") }))).not.toContain("canary");
    expect(loggedCause(new Talkative("told"))).not.toContain("canary");
  });

  it("the first of very many causes, also when they go round", () => {
    const round = new Error("round");
    round.cause = new Error("and back", { cause: round });

    const line = loggedCause(round);

    expect(line.match(/"message":"round"/g)).toHaveLength(3);
    expect(line.length).toBeLessThan(30_000);
  });

  it("the start of what is too long", () => {
    const long = new Error(`start ${"x".repeat(1_000_000)}`);

    expect(loggedCause(long)).toContain('"message":"start xxx');
    expect(lines.join().length).toBeLessThan(10_000);
  });

  it.each<[string, unknown, unknown]>([
    ["a text", "told", "told"],
    ["a number", 7, 7],
    ["an object", { body: "canary" }, "[object Object]"],
    ["bytes", Buffer.from("canary"), "[object Uint8Array]"],
  ])("a cause that is no error: %s", (_, cause, shown) => {
    log.error("Failed", { cause });

    expect(logged()).toMatchObject({ message: "Failed", cause: shown });
  });
});

describe("the log does not have", () => {
  it("the body of an answer", () => {
    const line = loggedCause(new UpstreamError("push", 500, Buffer.from("canary")));

    expect(line).toContain('"message":"push: HTTP status 500"');
    expect(line).not.toMatch(/canary|99,97,110|"body"|Buffer"/);
  });

  it("the whole text of a fault", () => {
    const line = loggedCause(new KojiFault("getBuild", 1000, `SELECT ${"x".repeat(1000)} canary`));

    expect(line).toContain('"message":"getBuild: fault 1000, SELECT xxx');
    expect(line).toContain('"code":1000');
    expect(line).not.toContain("canary");
  });

  it("the certificate of a server with another name", async () => {
    const server = await startTlsServer();
    const trust = new Trust([readFileSync(PRIVATE_CA, "utf8")]);
    const http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {}, trust });
    const url = new URL(`https://localhost:${server.url.port}/`);

    const line = loggedCause(await http.read({ url }).catch((error: unknown) => error));
    http.close();
    await server.close();

    expect(line).toContain('"code":"ERR_TLS_CERT_ALTNAME_INVALID"');
    expect(line).not.toMatch(/"cert"|"raw"|"pubkey"/);
    expect(line.length).toBeLessThan(6000);
  });
});
