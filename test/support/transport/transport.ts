import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, SQSBatchResponse } from "aws-lambda";
import type { Handlers } from "../../../infra/local/gateway.ts";
import type { queueHandlers } from "../../../infra/local/queue-handlers.ts";
import type { AwsSettings } from "../../../lib/aws/index.ts";

/** The name of the deployment, in its metrics. */
export const STACK_NAME = "omps-test";

/** The key of the fingerprints of a deployment. */
export const FINGERPRINT_KEY = "key";

/** What a queue, or a rule of EventBridge, calls a function with. */
export type QueueEvent = Parameters<(typeof queueHandlers)["push-worker"]>[0];

/** The environment variables by which functions know the queues and the bus of a deployment. */
export function messagingVariables({ aws }: Deployment) {
  return {
    OMPS_PUSH_QUEUE: `${aws.endpoint}/000000000000/pushes.fifo`,
    OMPS_DEAD_LETTER_QUEUE: `${aws.endpoint}/000000000000/aside.fifo`,
    OMPS_BUS: "builds",
    OMPS_TOKEN_KEY: "tokens",
  };
}

/** The service that a test is about. */
export interface Deployment {
  /** The configuration file's content. */
  readonly settings: object;
  readonly aws: Required<AwsSettings>;
  readonly stagingBucket: string;
  /** Gets each line that the functions print; those of an event are all there when it is answered. */
  readonly lines: string[];
}

/** How events come to the functions of a deployment. */
export interface Transport {
  /** Hands an event to a function, as API Gateway would; gives its answer. */
  invoke(name: keyof Handlers, event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2>;
  /** Hands an event to a function, as its event source would; gives which messages are not done. */
  deliver(name: keyof typeof queueHandlers, event: QueueEvent): Promise<SQSBatchResponse>;
  close(): Promise<void>;
}
