import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { UNANSWERED } from "../../infra/constructs/access-log.ts";
import { operatorBuild } from "../fakes/koji.ts";
import { protonNotification } from "../support/koji-notifications.ts";
import { ACME, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";
import { batch, queueMessage } from "../support/queue-event.ts";
import { Rendered } from "./rendered.ts";
import { newStack, removeFolder } from "./stacks.ts";

const lineSchema = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

const alarmSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.optional(z.array(z.object({ Name: z.string(), Value: z.unknown() }))),
});

const NVR = "etcd-operator-container-0.9.4-1";

/** A metric as CloudWatch tells it from others: its name, and the values of its dimensions but the stack's name. */
function identity(name: string, dimensions: readonly (readonly [string, unknown])[]): string {
  const own = dimensions.filter(([dimension]) => dimension !== "service");
  return [name, ...own.map(([dimension, value]) => `${dimension}=${String(value)}`).toSorted()].join(" ");
}

/** The metrics that a line of the log makes; none, where it is none of theirs. */
function metricsIn(line: string): string[] {
  const parsed = lineSchema.safeParse(JSON.parse(line)).data;
  return (parsed?._aws.CloudWatchMetrics ?? []).flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) =>
        identity(
          Name,
          names.map((name) => [name, parsed?.[name]]),
        ),
      ),
    ),
  );
}

let omps: Omps;
const emitted = new Set<string>();

beforeAll(async () => {
  omps = await startOmps({
    greenwave: true,
    config: {
      koji_stage_threshold: 1,
      notifications: { rules: [{ package: "etcd-operator-container", organization: "open" }] },
      organizations: { open: { public: true }, poor: { public: true }, broken: { public: true } },
    },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }), "omps/broken": "{" },
  });
  omps.koji.reset({ builds: [operatorBuild(NVR, packageZip())] });
  for (const organization of ["open", "poor", "broken"])
    await omps.upload(`/v1/${organization}/etcd/zipfile`, packageZip());
  await omps.call("POST", `/v2/open/koji/${NVR}`);
  await omps.call("POST", `/v2/open/koji/${NVR}`, { headers: { prefer: "respond-async" } });
  await omps.upload("/v1/open/etcd/zipfile/1.0.0", packageZip());
  omps.quay.faults = [{ op: "push", do: { status: 500 } }];
  await omps.upload("/v1/open/etcd/zipfile", packageZip());
  const job = { build_id: 1, nvr: NVR, organization: "open", rule: "0123456789ab" };
  await omps.deliver("push-worker", batch(queueMessage(job, { group: "open/etcd" })));
  const detail = protonNotification("build.complete__etcd-operator-container");
  const event = { source: "koji", "detail-type": "BuildStateChange", detail };
  await omps.deliver("on-build-notification", batch(queueMessage(event)));
  for (const line of omps.lines) for (const metric of metricsIn(line)) emitted.add(metric);
});
afterAll(async () => {
  await omps.close();
  removeFolder();
});

describe("what the alarms and the dashboard look at", () => {
  const rendered = new Rendered(newStack());

  it("is put by the functions: each alarm's metric, with its dimensions", () => {
    const looked = rendered
      .resources("AWS::CloudWatch::Alarm", alarmSchema)
      .filter(([, { Namespace, MetricName }]) => Namespace === "OMPS" && MetricName !== UNANSWERED)
      .map(([, { MetricName, Dimensions = [] }]) =>
        identity(
          MetricName,
          Dimensions.map(({ Name, Value }) => [Name, Value]),
        ),
      );

    expect(looked.length).toBeGreaterThan(8);
    expect(looked.filter((metric) => !emitted.has(metric))).toEqual([]);
  });

  it("is put by the functions: each metric of the dashboard, with its dimensions", () => {
    const schema = z.object({ DashboardBody: z.unknown() });
    const [[, dashboard] = []] = rendered.resources("AWS::CloudWatch::Dashboard", schema);
    const body = JSON.stringify(dashboard?.DashboardBody).replaceAll(/\\+"/g, '"');
    const shown = [...body.matchAll(/\["OMPS",((?:"[^"]*",?)+)/g)].map(([, list = ""]) => {
      const [name = "", ...dimensions] = [...list.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
      const pairs = dimensions.flatMap((each, index): [string, string][] =>
        index % 2 === 0 ? [[each, dimensions[index + 1] ?? ""]] : [],
      );
      return identity(name, pairs);
    });

    expect(shown.length).toBeGreaterThan(15);
    expect(shown.filter((metric) => !emitted.has(metric))).toEqual([]);
  });
});
