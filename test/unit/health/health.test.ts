import { afterAll, beforeAll, expect, it } from "vitest";
import { parseConfig } from "../../../lib/config/index.ts";
import { checkHealth, HEALTH_TIMEOUT_MS } from "../../../lib/health/index.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import type { Log, LogFields } from "../../../lib/telemetry/index.ts";
import { type GreenwaveFake, startGreenwaveFake } from "../../fakes/greenwave.ts";

let service: GreenwaveFake;
beforeAll(async () => {
  service = await startGreenwaveFake();
});
afterAll(() => service.close());

/** Tools with a client that has all the time of a request, and one server in the place of all services. */
function tools(warnings: LogFields[] = []) {
  const { url } = service;
  const greenwave = { url, context: "c", product_version: "p" };
  const config = parseConfig(JSON.stringify({ quay_url: url, kojihub_url: url, greenwave }), "test");
  const log: Log = {
    debug() {},
    info() {},
    warn: (_message, fields = {}) => void warnings.push(fields),
    error() {},
    audit() {},
    with: () => log,
  };
  return { config, log, http: new HttpClient({ timeoutMs: 20_000, sleep: async () => {} }) };
}

it("waits for no service longer than it has to", async () => {
  service.faults = [{ op: "*", do: { hang: true } }];

  const report = await checkHealth(tools(), 50);

  const late = { ok: false, details: expect.stringContaining("did not answer in time") };
  expect(report).toEqual({ ok: false, status: 503, services: { quay: late, koji: late, greenwave: late } });
});

it("has 5 seconds, all retries included", () => {
  expect(HEALTH_TIMEOUT_MS).toBe(5000);
});

it("is a report even when a check fails for a reason of ours", async () => {
  service.faults = [];
  const warnings: LogFields[] = [];
  const { http, config, log } = tools(warnings);
  const broken = new (class extends HttpClient {
    override within(): HttpClient {
      return this;
    }
    override to(): HttpClient {
      return this;
    }
    override read(): never {
      throw new RangeError("canary");
    }
  })({ timeoutMs: 1, sleep: async () => {} });
  http.close();

  const report = await checkHealth({ config, log, http: broken });

  expect(report.services.quay).toEqual({ ok: false, details: "The check itself failed; the log tells why." });
  expect(JSON.stringify(report)).not.toContain("canary");
  expect(warnings).toHaveLength(3);
  expect(warnings[0]?.["cause"]).toBeInstanceOf(RangeError);
});
