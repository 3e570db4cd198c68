import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { type App, createApp } from "../app.ts";
import { type Action, createLog, createMetrics, type LogFields } from "../telemetry/index.ts";
import { Answer, Page } from "./answer.ts";
import { ANSWER_RESERVE_MS, Deadline, GATEWAY_DEADLINE_MS } from "./deadline.ts";
import { asOmpsError, outcomeOf } from "./failure.ts";
import { serveOnce } from "./idempotency.ts";
import { ApiRequest } from "./request.ts";

/** Lambda's context. Who calls the handler in his own process may bring his own App; `request` is ours. */
export type EndpointContext = Context & { app?: App; request?: ApiRequest };

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;
type Step = middy.Request<Event, Result, Error, EndpointContext>;

let containerApp: App | undefined;

/**
 * Wraps what an endpoint does into the handler that is deployed: request ID, log, deadline, and every
 * outcome as JSON. What `serve` gives is the body of a 200, or an Answer with a status of its own, or a Page; an
 * OmpsError becomes its answer; anything else thrown is a defect of ours.
 *
 * @param action what it does at Quay, for log and metrics
 */
export function endpoint(action: Action, serve: (request: ApiRequest) => Promise<object> | object) {
  return middy<Event, Result, Error, EndpointContext>({ timeoutEarlyInMillis: 0 })
    .use({ before: (step) => begin(step, action), after: answered, onError: failed })
    .handler(async (_event, context) => {
      const request = begun(context);
      const once = action === "read" ? serve(request) : serveOnce(request, async () => serve(request));
      const served = await request.deadline.hold(Promise.resolve(once));
      if (served instanceof Page)
        return { statusCode: served.status, headers: { ...served.headers }, body: served.text };
      return served instanceof Answer ? json(served.status, served.body, served.headers) : json(200, served);
    });
}

function begin({ event, context }: Step, action: Action): void {
  context.app ??= containerApp ??= createApp(process.env);
  const { app } = context;
  const { requestId, timeEpoch, http } = event.requestContext;
  const left = Math.min(
    timeEpoch + GATEWAY_DEADLINE_MS - app.now(),
    context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS,
  );
  const log = app.log.with({
    request_id: requestId,
    lambda_request_id: context.awsRequestId,
    method: http.method,
    route: event.routeKey,
  });
  context.request = new ApiRequest({ app, event, action, log, deadline: new Deadline(left, app.timer) });
}

function answered({ context, response }: Step): void {
  const request = begun(context);
  const status = response?.statusCode ?? 0;
  const done = status === 202 ? "queued" : "ok";
  const outcome = status < 500 ? done : "failed";
  request.log.info("Request answered", request.end({ status, outcome }));
}

/** The one place that turns an error into an answer, and that logs it. */
function failed(step: Step): void {
  const { context, event, error } = step;
  const { request } = context;
  const { requestId } = event.requestContext;
  const log = request?.log ?? createLog("INFO").with({ request_id: requestId });
  const known = asOmpsError(error);
  const ending = { status: known.status, outcome: outcomeOf(known), errorId: known.error };
  const fields: LogFields = request?.end(ending) ?? notBegun(ending);
  if (known.isRefusal) log.info("Request refused", { ...fields, reason: known.message });
  else log.error("Request failed", { ...fields, reason: known.message, cause: known.cause });

  const message = known.status < 500 ? known.message : `${known.message} Request ID: ${requestId}.`;
  step.response = json(known.status, known.body(message), known.headers);
}

/** The container could not even begin: its configuration is not in order. */
function notBegun(ending: object): LogFields {
  const deployment = process.env["OMPS_DEPLOYMENT"];
  if (deployment) createMetrics(deployment).put({ Failures: 1 }, {});
  return { ...ending };
}

function begun({ request }: EndpointContext): ApiRequest {
  if (!request) throw new Error("the request has not begun");
  return request;
}

function json(statusCode: number, body: object, headers: Readonly<Record<string, string>> = {}): Result {
  return {
    statusCode,
    // 304 has the headers of what the caller has already, and nothing else.
    ...(statusCode === 304
      ? { headers: { ...headers } }
      : { headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) }),
  };
}
