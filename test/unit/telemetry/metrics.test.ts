import { beforeEach, describe, expect, it } from "vitest";
import { createMetrics } from "../../../lib/telemetry/index.ts";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
});

const metrics = createMetrics("Production", (line) => void lines.push(line));
const written = () => lines.map((line): unknown => JSON.parse(line));

describe("metrics", () => {
  it("are one line of CloudWatch's embedded format, with every set of dimensions and the stack's name", () => {
    metrics.put({ Pushes: 1, ReleaseBytes: 500 }, {}, { outcome: "ok" }, { outcome: "ok", target: "bundle" });

    expect(written()).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "OMPS",
              Dimensions: [["service"], ["service", "outcome"], ["service", "outcome", "target"]],
              Metrics: [
                { Name: "Pushes", Unit: "Count" },
                { Name: "ReleaseBytes", Unit: "Bytes" },
              ],
            },
          ],
        },
        service: "Production",
        outcome: "ok",
        target: "bundle",
        Pushes: 1,
        ReleaseBytes: 500,
      },
    ]);
  });

  it("have nothing of those before them", () => {
    metrics.put({ Pushes: 1 }, { outcome: "ok" });
    metrics.put({ Deletions: 1 }, {});

    expect(written()[1]).not.toHaveProperty("Pushes");
    expect(written()[1]).not.toHaveProperty("outcome");
  });

  it("keep each value of many, in lines of no more than CloudWatch takes", () => {
    const latencies = Array.from({ length: 250 }, (_, index) => index);

    metrics.put({ UpstreamLatency: latencies }, { upstream: "quay" });

    expect(written()).toMatchObject([
      { UpstreamLatency: latencies.slice(0, 99), upstream: "quay" },
      { UpstreamLatency: latencies.slice(99, 198), upstream: "quay" },
      { UpstreamLatency: latencies.slice(198), upstream: "quay" },
    ]);
  });

  it("are not written where there are no values", () => {
    metrics.put({ UpstreamLatency: [] }, {});

    expect(lines).toEqual([]);
  });
});
