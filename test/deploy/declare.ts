import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNT, REGION } from "../../infra/local/aws/account.ts";
import type { BusDeclaration } from "../../infra/local/aws/events.ts";
import type { QueueDeclaration } from "../../infra/local/aws/sqs-queues.ts";
import type { AwsSettings } from "../../lib/aws/index.ts";
import type { Declared } from "../aws/peer.ts";

/** Creates queues and buses with their rules. */
export async function declare({ queues, buses }: Declared, settings: AwsSettings): Promise<void> {
  const sqs = new SQSClient(settings);
  const eventBridge = new EventBridgeClient(settings);
  // SQS wants the queue of dead letters first.
  const inOrder = queues.toSorted((a, b) => Number(Boolean(a.deadLetters)) - Number(Boolean(b.deadLetters)));
  for (const queue of inOrder) await createQueue(sqs, queue);
  for (const bus of buses) await createBus(eventBridge, bus);
}

async function createQueue(sqs: SQSClient, declared: QueueDeclaration): Promise<void> {
  const { name, visibilityTimeout, deadLetters } = declared;
  const Attributes = {
    ...(name.endsWith(".fifo") && { FifoQueue: "true" }),
    ...(visibilityTimeout !== undefined && { VisibilityTimeout: String(visibilityTimeout) }),
    ...(deadLetters && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arnOf(deadLetters.queue),
        maxReceiveCount: deadLetters.maxReceiveCount,
      }),
    }),
  };
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
}

async function createBus(eventBridge: EventBridgeClient, { name, rules }: BusDeclaration): Promise<void> {
  await eventBridge.send(new CreateEventBusCommand({ Name: name }));
  for (const [index, { pattern, queue }] of rules.entries()) {
    const rule = { EventBusName: name, Name: `${name}-${index}` };
    await eventBridge.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
    const { Name: Rule, EventBusName } = rule;
    const Targets = [{ Id: "queue", Arn: arnOf(queue) }];
    await eventBridge.send(new PutTargetsCommand({ Rule, EventBusName, Targets }));
  }
}

/** ministack's account is that of the stand-ins. */
function arnOf(queue: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`;
}
