import { Duration, Stack } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type MetricName, NAMESPACE, type Outcome, type Upstream } from "../../lib/telemetry/index.ts";
import { UNANSWERED } from "./access-log.ts";

const PERIOD = Duration.minutes(5);

/**
 * The metrics of one deployment, as its alarms and its dashboard show them. They have no labels: an alarm on a metric
 * with a label becomes one on an expression.
 */
export class OmpsMetrics {
  readonly #deployment: string;
  readonly #api: HttpApi;

  /** @param scope anything of the stack */
  constructor(scope: Construct, api: HttpApi) {
    this.#deployment = Stack.of(scope).stackName;
    this.#api = api;
  }

  /** Share of the pushes and deletions that failed, from 0 to 1. */
  failureRate(): Metric {
    return this.#own("Failures", {}, Stats.AVERAGE);
  }

  /** Pushes that ended so. */
  pushes(outcome: Outcome): Metric {
    return this.#own("Pushes", { outcome }, Stats.SUM);
  }

  /** Pushes of each organization that is configured, by outcome and error. */
  pushesByOrganization(): MathExpression {
    return this.#sums("Pushes", "target,organization,outcome,error_id");
  }

  /** Notifications of builds, by what became of them. */
  notifications(): MathExpression {
    return this.#sums("Notifications", "outcome");
  }

  /** Pushes that the secret of an organization stopped. */
  configurationErrors(): Metric {
    return this.#own("Pushes", { error_id: "OMPSConfigurationError" }, Stats.SUM);
  }

  missingTokens(): Metric {
    return this.#own("MissingTokens", {}, Stats.SUM);
  }

  /** Requests to which API Gateway gave an answer of its own, because no function gave one. */
  unanswered(): Metric {
    return this.#own(UNANSWERED, {}, Stats.SUM);
  }

  /** Milliseconds that 5 % of the pushes had less of than this. */
  deadlineLeft(): Metric {
    return this.#own("DeadlineLeft", { action: "push" }, Stats.p(5));
  }

  /** The largest of its kind in pushes. */
  bytes(name: "RequestBytes" | "ArchiveBytes" | "UnpackedBytes" | "ReleaseBytes"): Metric {
    return this.#own(name, { action: "push" }, Stats.MAXIMUM);
  }

  /** Share of the calls of a service that failed, from 0 to 1. */
  upstreamFailureRate(upstream: Upstream): Metric {
    return this.#own("UpstreamFailures", { upstream }, Stats.AVERAGE);
  }

  /** Milliseconds up to the beginning of an answer, for all but 5 % of the calls. */
  upstreamLatency(upstream: Upstream): Metric {
    return this.#own("UpstreamLatency", { upstream }, Stats.p(95));
  }

  requests(): Metric {
    return this.#api.metricCount({ period: PERIOD, statistic: Stats.SUM });
  }

  /** Answers with 5xx, those of API Gateway itself included. */
  serverErrors(): Metric {
    return this.#api.metricServerError({ period: PERIOD, statistic: Stats.SUM });
  }

  /** Milliseconds from a request to its answer, for all but so many per cent of them. */
  latency(percentile: number): Metric {
    return this.#api.metricLatency({ period: PERIOD, statistic: Stats.p(percentile) });
  }

  /** One sum for each set of values that these dimensions have. */
  #sums(name: MetricName, dimensions: string): MathExpression {
    const found = `{${NAMESPACE},service,${dimensions}} service="${this.#deployment}" MetricName="${name}"`;
    const expression = `SEARCH('${found}', 'Sum', ${PERIOD.toSeconds()})`;
    return new MathExpression({ expression, label: "", period: PERIOD });
  }

  #own(
    metricName: MetricName | typeof UNANSWERED,
    dimensions: Record<string, string>,
    statistic: string,
  ): Metric {
    const dimensionsMap = { service: this.#deployment, ...dimensions };
    return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap, statistic, period: PERIOD });
  }
}
