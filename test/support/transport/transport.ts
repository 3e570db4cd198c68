import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Handlers } from "../../../infra/local/gateway.ts";
import type { AwsSettings } from "../../../lib/aws/index.ts";

/** The name of the deployment, in its metrics. */
export const STACK_NAME = "omps-test";

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
  close(): Promise<void>;
}
