import { SQSClient } from "@aws-sdk/client-sqs";
import type { App } from "../../lib/app.ts";
import type { AwsSettings } from "../../lib/aws/index.ts";
import { MAX_TRIES } from "../../lib/worker/index.ts";
import { type AwsOptions, queueUrl } from "./aws/aws.ts";
import { pollQueue, type QueuePoller } from "./poll-queue.ts";
import { queueHandlers } from "./queue-handlers.ts";

/** The bus on this machine. */
export const BUS = "omps";

/** The key of tokens on this machine: the stand-in for KMS has any that is named. */
const TOKEN_KEY = "tokens";

const NOTIFICATIONS = "notifications";
const PUSHES = "pushes.fifo";
const ASIDE = { notifications: "notifications-aside", pushes: "pushes-aside.fifo" };

/** Queues and bus as the stack has them. */
export const LOCAL_EVENTS: Required<Pick<AwsOptions, "queues" | "buses">> = {
  queues: [
    { name: ASIDE.notifications },
    { name: ASIDE.pushes },
    { name: NOTIFICATIONS, deadLetters: { queue: ASIDE.notifications, maxReceiveCount: MAX_TRIES } },
    { name: PUSHES, deadLetters: { queue: ASIDE.pushes, maxReceiveCount: MAX_TRIES } },
  ],
  buses: [
    {
      name: BUS,
      rules: [
        {
          pattern: { source: ["koji"], "detail-type": ["BuildStateChange", "Tag"] },
          queue: NOTIFICATIONS,
        },
      ],
    },
  ],
};

/** Variables that lead the functions to them, and to the key of the tokens in the queue of pushes. */
export function eventVariables({ endpoint }: Required<AwsSettings>): Record<string, string> {
  return {
    OMPS_PUSH_QUEUE: queueUrl(endpoint, PUSHES),
    OMPS_DEAD_LETTER_QUEUE: queueUrl(endpoint, ASIDE.pushes),
    OMPS_BUS: BUS,
    OMPS_TOKEN_KEY: TOKEN_KEY,
  };
}

/** Hands messages to the functions behind the queues, as Lambda's mappings do. */
export function startWorkers(settings: Required<AwsSettings>, app: App): QueuePoller[] {
  const sqs = new SQSClient(settings);
  const onError = (cause: unknown) => app.log.error("A queue cannot be worked on", { cause });
  const mapping = (queue: string, functionName: keyof typeof queueHandlers, batchSize: number) =>
    pollQueue({
      sqs,
      queueUrl: queueUrl(settings.endpoint, queue),
      functionName,
      batchSize,
      handler: (event, context) => queueHandlers[functionName](event, { ...context, app }),
      onError,
    });
  return [mapping(NOTIFICATIONS, "on-build-notification", 10), mapping(PUSHES, "push-worker", 1)];
}
