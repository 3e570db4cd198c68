import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, type Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { Upstream } from "../../lib/telemetry/index.ts";
import { Runbook } from "../runbook.ts";
import { type AlarmKind, type AlarmName, type AlarmOverrides, alarmKinds } from "./alarm-kinds.ts";
import { dashboardOf } from "./dashboard.ts";
import { OmpsMetrics } from "./metrics.ts";
import type { PushApi } from "./push-api.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

const PERIOD = Duration.minutes(5);

/** What is watched, and who is told. */
export interface MonitoringProps {
  readonly api: PushApi;
  /** All functions, by name. */
  readonly functions: ReadonlyMap<string, ServiceFunction>;
  readonly queues: readonly WatchedQueue[];
  /** The services that are configured. */
  readonly upstreams: readonly Upstream[];
  /**
   * Where alarms are sent, and that they are over.
   *
   * @default - nowhere: they are seen in CloudWatch only
   */
  readonly topic?: ITopic;
  /**
   * What differs from the defaults of the alarms.
   *
   * @default - nothing
   */
  readonly alarms?: AlarmOverrides;
  /**
   * What the alarms' descriptions name sections of.
   *
   * @default - docs/runbook.md
   */
  readonly runbook?: Runbook;
}

/** The alarms and the dashboard. Each alarm names the section of the runbook that tells what to do. */
export class Monitoring extends Construct {
  readonly #kinds: ReadonlyMap<AlarmName, AlarmKind>;
  readonly #runbook: Runbook;
  readonly #topic: ITopic | undefined;

  /** Throws an Error for an override that makes no sense, and for a section of the runbook that is missing. */
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.#kinds = alarmKinds(props.alarms);
    this.#runbook = props.runbook ?? new Runbook();
    this.#topic = props.topic;
    const metrics = new OmpsMetrics(this, props.api.http);
    this.#watchRequests(metrics);
    for (const [name, { lambda }] of props.functions) {
      this.#alarm("function-errors", lambda.metricErrors({ period: PERIOD }), name);
      this.#alarm("throttles", lambda.metricThrottles({ period: PERIOD }), name);
    }
    for (const upstream of props.upstreams)
      this.#alarm("upstream-down", metrics.upstreamFailureRate(upstream), upstream);
    for (const queue of props.queues) this.#watchQueue(queue);
    dashboardOf(this, { ...props, metrics });
  }

  #watchRequests(metrics: OmpsMetrics): void {
    this.#alarm("failure-rate", metrics.failureRate());
    this.#alarm("latency", metrics.deadlineLeft());
    this.#alarm("unanswered", metrics.unanswered());
    this.#alarm("configuration-errors", metrics.configurationErrors());
    this.#alarm("missing-tokens", metrics.missingTokens());
  }

  #watchQueue({ name, queue, deadLetters }: WatchedQueue): void {
    const options = { period: PERIOD, statistic: Stats.MAXIMUM };
    this.#alarm("dead-letters", deadLetters.metricApproximateNumberOfMessagesVisible(options), name);
    this.#alarm("queue-age", queue.metricApproximateAgeOfOldestMessage(options), name);
  }

  /** @param of which one of several, for its description */
  #alarm(name: AlarmName, metric: Metric, of?: string): void {
    const kind = this.#kinds.get(name);
    if (!kind) return;
    const alarm = metric
      .with({ period: kind.period })
      .createAlarm(this, of === undefined ? name : `${name}-${of}`, {
        alarmDescription: `${of === undefined ? "" : `${of}: `}${kind.meaning} See ${this.#runbook.place(kind.runbook)}.`,
        threshold: kind.threshold,
        evaluationPeriods: kind.periods,
        datapointsToAlarm: kind.breaching,
        comparisonOperator: kind.below
          ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // Nobody pushes at night.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    if (!this.#topic) return;
    const action = new SnsAction(this.#topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
