import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AwsSettings } from "../../../lib/aws/index.ts";
import { ACCOUNT, type Clock, CREDENTIALS, REGION } from "./account.ts";
import { type BusDeclaration, EventBridgeStandIn } from "./events.ts";
import { KmsStandIn } from "./kms.ts";
import { S3StandIn } from "./s3.ts";
import { SecretsManagerStandIn } from "./secrets-manager.ts";
import { SqsStandIn } from "./sqs.ts";
import type { QueueDeclaration } from "./sqs-queues.ts";

/** What is there from the start, besides secrets. */
export interface AwsOptions {
  /** None unless told. */
  readonly queues?: readonly QueueDeclaration[];
  /** None unless told. */
  readonly buses?: readonly BusDeclaration[];
  /** The clock of all of them; the machine's unless told. */
  readonly now?: Clock;
}

interface Service {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Stand-ins for the services of AWS that OMPS uses, behind one address of the loopback. */
export interface AwsStandIn {
  readonly settings: Required<AwsSettings>;
  readonly secretsManager: SecretsManagerStandIn;
  readonly s3: S3StandIn;
  readonly sqs: SqsStandIn;
  readonly eventBridge: EventBridgeStandIn;
  readonly kms: KmsStandIn;
  /** The URL of a queue, by its name. */
  queueUrl(name: string): string;
  close(): Promise<void>;
}

/**
 * Starts them on a free port, with these secrets: name to text.
 *
 * @throws Error where queues or rules lead to what is not declared
 */
export async function startAws(
  secrets: Readonly<Record<string, string>> = {},
  { queues = [], buses = [], now = Date.now }: AwsOptions = {},
): Promise<AwsStandIn> {
  const secretsManager = new SecretsManagerStandIn(secrets);
  const s3 = new S3StandIn(now);
  const sqs = new SqsStandIn(queues, now);
  const eventBridge = new EventBridgeStandIn(buses, sqs.queues, now);
  const kms = new KmsStandIn();
  const byTarget: Readonly<Record<string, Service>> = {
    secretsmanager: secretsManager,
    AmazonSQS: sqs,
    AWSEvents: eventBridge,
    TrentService: kms,
  };
  const server = createServer((request, response) => {
    // Only services with JSON name the operation in a header.
    const [target = ""] = String(request.headers["x-amz-target"]).split(".");
    const service = byTarget[target] ?? s3;
    service.answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    settings: { endpoint, region: REGION, credentials: CREDENTIALS },
    secretsManager,
    s3,
    sqs,
    eventBridge,
    kms,
    queueUrl: (name) => queueUrl(endpoint, name),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The URL of a queue behind such an address. */
export function queueUrl(endpoint: string, name: string): string {
  return `${endpoint}/${ACCOUNT}/${name}`;
}
