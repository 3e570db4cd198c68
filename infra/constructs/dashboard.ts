import { Duration } from "aws-cdk-lib";
import {
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Outcome, Upstream } from "../../lib/telemetry/index.ts";
import type { OmpsMetrics } from "./metrics.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

const OUTCOMES: readonly Outcome[] = ["ok", "refused", "exists", "failed"];

const SIZES = ["RequestBytes", "ArchiveBytes", "UnpackedBytes", "ReleaseBytes"] as const;

/** What a dashboard shows. */
export interface Shown {
  readonly metrics: OmpsMetrics;
  /** All functions, by name. */
  readonly functions: ReadonlyMap<string, ServiceFunction>;
  readonly queues: readonly WatchedQueue[];
  readonly upstreams: readonly Upstream[];
}

/** Makes the dashboard: what callers see first, then what may be the cause. */
export function dashboardOf(scope: Construct, shown: Shown): Dashboard {
  const dashboard = new Dashboard(scope, "Dashboard", { defaultInterval: Duration.hours(12) });
  for (const row of [
    requestRow(shown),
    pushRow(shown),
    upstreamRow(shown),
    functionRow(shown),
    queueRow(shown),
  ])
    dashboard.addWidgets(...row);
  return dashboard;
}

function requestRow({ metrics }: Shown): GraphWidget[] {
  return [
    graph("Requests", [
      metrics.requests().with({ label: "all" }),
      metrics.serverErrors().with({ label: "5xx" }),
    ]),
    graph(
      "Latency of requests (ms)",
      [50, 95].map((percentile) => metrics.latency(percentile).with({ label: `p${percentile}` })),
    ),
    graph("Share of pushes and deletions that failed", [metrics.failureRate()], SHARE),
  ];
}

function pushRow({ metrics }: Shown): GraphWidget[] {
  const outcomes = OUTCOMES.map((outcome) => metrics.pushes(outcome).with({ label: outcome }));
  const bytes = SIZES.map((name) => metrics.bytes(name).with({ label: name }));
  const left = metrics.deadlineLeft().with({ label: "time left, p5" });
  return [
    graph("Pushes by outcome", outcomes, { stacked: true }),
    graph("Pushes by organization, outcome and error", [metrics.pushesByOrganization()]),
    graph("Largest sizes (bytes), and time left (ms)", bytes, { right: [left] }),
  ];
}

function upstreamRow({ metrics, upstreams }: Shown): GraphWidget[] {
  const failures = upstreams.map((label) => metrics.upstreamFailureRate(label).with({ label }));
  const latencies = upstreams.map((label) => metrics.upstreamLatency(label).with({ label }));
  return [
    graph("Share of the calls of services that failed", failures, { width: 12, ...SHARE }),
    graph("Latency of services (ms, p95)", latencies, { width: 12 }),
  ];
}

function functionRow({ functions }: Shown): GraphWidget[] {
  const each = (metricOf: (lambda: LambdaMetrics, label: string) => IMetric) =>
    [...functions].map(([name, { lambda }]) => metricOf(lambda, name));
  return [
    graph(
      "Errors of functions",
      each((lambda, label) => lambda.metricErrors({ label })),
    ),
    graph(
      "Throttled invocations",
      each((lambda, label) => lambda.metricThrottles({ label })),
    ),
    graph(
      "Duration of functions (ms, p95)",
      each((lambda, label) => lambda.metricDuration({ label, statistic: Stats.p(95) })),
    ),
  ];
}

function queueRow({ metrics, queues }: Shown): GraphWidget[] {
  const statistic = Stats.MAXIMUM;
  const waiting = queues.map(({ name, queue }) =>
    queue.metricApproximateNumberOfMessagesVisible({ label: name, statistic }),
  );
  const ages = queues.map(({ name, queue }) =>
    queue.metricApproximateAgeOfOldestMessage({ label: name, statistic }),
  );
  const aside = queues.map(({ name, deadLetters }) =>
    deadLetters.metricApproximateNumberOfMessagesVisible({ label: name, statistic }),
  );
  const narrow = { width: 6 };
  return [
    graph("Notifications by outcome", [metrics.notifications()], narrow),
    graph("Messages that wait", waiting, narrow),
    graph("Age of the oldest message (s)", ages, narrow),
    graph("Dead letters", aside, narrow),
  ];
}

type LambdaMetrics = ServiceFunction["lambda"];

/** An axis for what is between none and all. */
const SHARE: GraphWidgetProps = { leftYAxis: { min: 0, max: 1 } };

function graph(title: string, left: IMetric[], more: GraphWidgetProps = {}): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6, ...more });
}
