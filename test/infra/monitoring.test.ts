import { readFileSync } from "node:fs";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { AlarmOverrides } from "../../infra/constructs/alarm-kinds.ts";
import { Runbook } from "../../infra/runbook.ts";
import { ROUTES } from "../../lib/api/index.ts";
import { UPSTREAMS } from "../../lib/telemetry/index.ts";
import { Rendered } from "./rendered.ts";
import { built, newApp, newStack, removeFolder } from "./stacks.ts";

afterAll(removeFolder);

const alarmSchema = z.looseObject({
  AlarmDescription: z.string(),
  MetricName: z.string(),
  Namespace: z.string(),
  Threshold: z.number(),
  AlarmActions: z.optional(z.array(z.unknown())),
  OKActions: z.optional(z.array(z.unknown())),
  Dimensions: z.optional(z.array(z.object({ Name: z.string(), Value: z.unknown() }))),
});
type Alarm = z.output<typeof alarmSchema>;

function alarmsOf(rendered: Rendered): Alarm[] {
  return rendered.resources("AWS::CloudWatch::Alarm", alarmSchema).map(([, alarm]) => alarm);
}

function on(alarms: readonly Alarm[], namespace: string, metric: string): Alarm[] {
  return alarms.filter(({ Namespace, MetricName }) => Namespace === namespace && MetricName === metric);
}

const dimension = ({ Dimensions = [] }: Alarm, name: string) =>
  Dimensions.find(({ Name }) => Name === name)?.Value;

const greenwave = JSON.stringify({
  greenwave: { url: "https://greenwave.example.com", context: "c", product_version: "p" },
});
const alarms = alarmsOf(new Rendered(newStack({ functionsFolder: built("greenwave", greenwave) })));
/** Those of the routes, the not-found function, and two that queues call. */
const functionCount = new Set(ROUTES.map(({ serves }) => serves)).size + 3;

describe("there is an alarm", () => {
  it("for the share of failures, that of this deployment alone", () => {
    const [alarm] = on(alarms, "OMPS", "Failures");

    expect(alarm).toMatchObject({ Statistic: "Average", Threshold: 0.1, TreatMissingData: "notBreaching" });
    expect(alarm?.Dimensions).toEqual([{ Name: "service", Value: "Omps" }]);
  });

  it("for pushes that come near to the deadline", () => {
    expect(on(alarms, "OMPS", "DeadlineLeft")).toMatchObject([
      {
        ExtendedStatistic: "p5",
        Threshold: 4500,
        ComparisonOperator: "LessThanOrEqualToThreshold",
        Dimensions: [
          { Name: "action", Value: "push" },
          { Name: "service", Value: "Omps" },
        ],
      },
    ]);
  });

  it("for requests that no function answered, as the access log has them", () => {
    const rendered = new Rendered(newStack());

    expect(on(alarms, "OMPS", "UnansweredRequests")).toMatchObject([{ Statistic: "Sum", Threshold: 1 }]);
    rendered.template.hasResourceProperties("AWS::Logs::MetricFilter", {
      FilterPattern: '{ $.status = "5*" && $.function_error != "-" }',
      MetricTransformations: [
        {
          MetricNamespace: "OMPS",
          MetricName: "UnansweredRequests",
          MetricValue: "1",
          Dimensions: [{ Key: "service", Value: "$.service" }],
        },
      ],
    });
    expect(rendered.accessLog()).toMatchObject({ service: "Omps", status: "$context.status" });
  });

  it("for each function that dies, and for each that is throttled", () => {
    expect(on(alarms, "AWS/Lambda", "Errors")).toHaveLength(functionCount);
    expect(on(alarms, "AWS/Lambda", "Throttles")).toHaveLength(functionCount);
  });

  it("for each service that is down", () => {
    const upstreams = on(alarms, "OMPS", "UpstreamFailures").map((alarm) => dimension(alarm, "upstream"));

    expect(upstreams).toEqual(UPSTREAMS);
  });

  it("for Greenwave only where it is configured", () => {
    const without = on(alarmsOf(new Rendered(newStack())), "OMPS", "UpstreamFailures");

    expect(without.map((alarm) => dimension(alarm, "upstream"))).toEqual(
      UPSTREAMS.filter((name) => name !== "greenwave"),
    );
  });

  it("for secrets that cannot be read, and for those that are missing", () => {
    const [denied] = on(alarms, "OMPS", "Pushes");

    expect(denied && dimension(denied, "error_id")).toBe("OMPSConfigurationError");
    expect(on(alarms, "OMPS", "MissingTokens")).toHaveLength(1);
  });

  it("for each queue that is late, and for each that put something aside", () => {
    const ages = on(alarms, "AWS/SQS", "ApproximateAgeOfOldestMessage");
    const aside = on(alarms, "AWS/SQS", "ApproximateNumberOfMessagesVisible");

    expect(ages).toHaveLength(2);
    expect(JSON.stringify(aside.map(({ Dimensions }) => Dimensions))).toMatch(
      /NotificationsDeadLetters.*PushesDeadLetters/,
    );
  });
});

describe("each alarm", () => {
  const sections = readFileSync("docs/runbook.md", "utf8").split(/^## /m);

  it.each(alarms.map((alarm) => [alarm.AlarmDescription] as const))(
    "names a section of the runbook that tells what to do: %s",
    (description) => {
      const title = /See docs\/runbook\.md, section "([^"]+)"\.$/.exec(description)?.[1];
      const section = sections.find((each) => each.startsWith(`${title}\n`));

      for (const part of ["Description", "Investigation", "Resolution"])
        expect(section).toMatch(new RegExp(`^### ${part}\\n\\n\\S`, "m"));
    },
  );

  it("tells nobody unless a topic is named, and then that it is over too", () => {
    expect(alarms.some((alarm) => alarm.AlarmActions)).toBe(false);

    const app = newApp();
    const owner = newStack({}, app, "Owner");
    const told = newStack(
      { alarmTopic: new Topic(owner, "Alarms", { masterKey: new Key(owner, "Key") }) },
      app,
    );

    for (const alarm of alarmsOf(new Rendered(told))) {
      expect(alarm.AlarmActions).toHaveLength(1);
      expect(alarm.OKActions).toEqual(alarm.AlarmActions);
    }
  });
});

describe("an override", () => {
  it("changes the alarms of its kind only", () => {
    const changed = alarmsOf(new Rendered(newStack({ alarms: { latency: { threshold: 5, periods: 4 } } })));

    expect(on(changed, "OMPS", "DeadlineLeft")).toMatchObject([
      { Threshold: 5, EvaluationPeriods: 4, DatapointsToAlarm: 3 },
    ]);
    expect(on(changed, "OMPS", "Failures")).toMatchObject([{ Threshold: 0.1 }]);
  });

  it("can switch a kind off", () => {
    const rest = alarmsOf(new Rendered(newStack({ alarms: { throttles: { enabled: false } } })));

    expect(on(rest, "AWS/Lambda", "Throttles")).toEqual([]);
    expect(on(rest, "AWS/Lambda", "Errors")).toHaveLength(functionCount);
  });

  it("of a kind that there is none of stops the synthesis", () => {
    const misspelt = { latencies: { threshold: 5 }, latency: {} };

    expect(() => newStack({ alarms: misspelt })).toThrow(
      'There is no alarm "latencies" to override; there are failure-rate, latency,',
    );
  });

  it.each<[AlarmOverrides, string]>([
    [{ throttles: { periods: 1 } }, '"throttles" can never go off: 2 periods of 1'],
    [{ "failure-rate": { threshold: 10 } }, '"failure-rate" can never go off: expected a share of at most 1'],
    [{ "queue-age": { threshold: 0 } }, '"queue-age" would always be on: expected a threshold above 0'],
    [{ throttles: { periods: 289 } }, '"throttles" looks back too far: expected at most 288 periods'],
  ])("with which an alarm makes no sense stops the synthesis: %j", (alarms, problem) => {
    expect(() => newStack({ alarms })).toThrow(problem);
  });
});

describe("a runbook", () => {
  const whole = readFileSync("docs/runbook.md", "utf8");

  it("without a section that an alarm names stops the synthesis", () => {
    const runbook = new Runbook(whole.replace("## Latency\n", "## Slowness\n"));

    expect(() => newStack({ runbook })).toThrow('docs/runbook.md has no section "Latency"');
  });

  it("with a section that lacks a part stops the synthesis", () => {
    const runbook = new Runbook(whole.replace(/(## Latency[\s\S]*?)### Resolution/, "$1### Other"));

    expect(() => newStack({ runbook })).toThrow('The section "Latency" of docs/runbook.md lacks Resolution.');
  });
});

describe("the dashboard", () => {
  it("shows pushes, failures, latencies, services, functions and queues of this deployment", () => {
    const schema = z.object({ DashboardBody: z.unknown() });
    const [[, dashboard] = []] = new Rendered(newStack()).resources("AWS::CloudWatch::Dashboard", schema);

    const body = JSON.stringify(dashboard?.DashboardBody);
    for (const metric of [
      "Pushes",
      "Notifications",
      "Failures",
      "DeadlineLeft",
      "ReleaseBytes",
      "UpstreamLatency",
      "Throttles",
    ])
      expect(body).toContain(metric);
    expect(body).toContain("SEARCH(");
    expect(body).toContain("ApproximateAgeOfOldestMessage");
  });
});
