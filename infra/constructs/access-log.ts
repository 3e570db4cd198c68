import { Stack } from "aws-cdk-lib";
import { AccessLogField, AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { NAMESPACE } from "../../lib/telemetry/index.ts";
import type { ServiceFunctionOptions } from "./service-function.ts";

/** The metric that is made of the log: requests that no function answered. */
export const UNANSWERED = "UnansweredRequests";

/** A line with an error of API Gateway's own way to the function; where there was none, it writes "-". */
const NO_ANSWER = FilterPattern.literal('{ $.status = "5*" && $.function_error != "-" }');

/**
 * Only what API Gateway says of a request, and nothing that the caller wrote, who could forge the fields of a
 * line with a quote. The paths are in the functions' log, under the same request ID.
 */
const ACCESS_LOG = {
  request_id: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTime(),
  source_ip: AccessLogField.contextIdentitySourceIp(),
  method: AccessLogField.contextHttpMethod(),
  route: AccessLogField.contextRouteKey(),
  protocol: AccessLogField.contextProtocol(),
  status: AccessLogField.contextStatus(),
  response_bytes: AccessLogField.contextResponseLength(),
  latency_ms: AccessLogField.contextResponseLatency(),
  function_latency_ms: AccessLogField.contextIntegrationLatency(),
  error: AccessLogField.contextErrorResponseType(),
  function_error: AccessLogField.contextIntegrationErrorMessage(),
};

/** The log of API Gateway: one line for each request, also for one that no function saw. */
export class AccessLog extends Construct {
  readonly group: LogGroup;
  /** How a line looks. */
  readonly format: AccessLogFormat;

  constructor(
    scope: Construct,
    id: string,
    { logRetention, encryptionKey }: Pick<ServiceFunctionOptions, "logRetention" | "encryptionKey">,
  ) {
    super(scope, id);
    this.group = new LogGroup(this, "Group", {
      retention: logRetention ?? RetentionDays.THREE_MONTHS,
      ...(encryptionKey && { encryptionKey }),
    });
    const service = Stack.of(this).stackName;
    this.format = AccessLogFormat.custom(JSON.stringify({ service, ...ACCESS_LOG }));
    new MetricFilter(this, "Unanswered", {
      logGroup: this.group,
      filterPattern: NO_ANSWER,
      metricNamespace: NAMESPACE,
      metricName: UNANSWERED,
      dimensions: { service: "$.service" },
    });
  }
}
