import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { ANSWER_RESERVE_MS } from "../api/index.ts";
import { type App, createApp } from "../app.ts";
import type { Action } from "../telemetry/index.ts";
import { type DirectEvent, QueueMessage } from "./message.ts";

/**
 * What is to happen with a message: it is `done`; it is tried again, and what is behind it in its group waits; or it is
 * to be left where it is, while the others go on.
 */
export type Disposition = "done" | "retry" | "leave";

/** Lambda's context. Who calls the handler in his own process may bring his own App. */
export type ConsumerContext = Context & { app?: App };

type Event = SQSEvent | DirectEvent;

let containerApp: App | undefined;

/**
 * Wraps what is done with one message into the handler that is deployed. It takes a batch of SQS, and gives back which
 * messages are not done: those of a group are taken in order, and with one that is tried again the rest of its group
 * is given back too; messages without a group are independent. It also takes a single event of EventBridge.
 *
 * Rejects where the configuration cannot be read, and where a single event is to be tried again.
 *
 * @param action what it does at Quay, for log and metrics
 * @param take does it; what it throws is a defect of ours, and the message is tried again
 */
export function consumer(action: Action, take: (message: QueueMessage) => Promise<Disposition>) {
  return middy<Event, SQSBatchResponse, Error, ConsumerContext>({ timeoutEarlyInMillis: 0 }).handler(
    async (event, context) => {
      const app = appOf(context);
      const one = (source: SQSRecord | DirectEvent) => takeOne(app, context, action, source, take);
      if (!("Records" in event)) {
        if ((await one(event)) === "retry") throw new Error("The event could not be worked on; see the log.");
        return { batchItemFailures: [] };
      }
      const failed = await Promise.all(groupsOf(event.Records).map((group) => inOrder(group, one)));
      return { batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
  );
}

function appOf(context: ConsumerContext): App {
  if (context.app) return context.app;
  containerApp ??= createApp(process.env);
  return containerApp;
}

/** Gives those that are not done. */
async function inOrder(
  group: readonly SQSRecord[],
  one: (record: SQSRecord) => Promise<Disposition>,
): Promise<readonly SQSRecord[]> {
  const left: SQSRecord[] = [];
  for (const [index, record] of group.entries()) {
    const disposition = await one(record);
    if (disposition === "retry") return [...left, ...group.slice(index)];
    if (disposition === "leave") left.push(record);
  }
  return left;
}

function groupsOf(records: readonly SQSRecord[]): readonly SQSRecord[][] {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const group = record.attributes.MessageGroupId;
    const key = group === undefined ? `message ${record.messageId}` : `group ${group}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()];
}

async function takeOne(
  app: App,
  context: Context,
  action: Action,
  source: SQSRecord | DirectEvent,
  take: (message: QueueMessage) => Promise<Disposition>,
): Promise<Disposition> {
  const messageId = "messageId" in source ? source.messageId : source.id;
  const log = app.log.with({ request_id: messageId, lambda_request_id: context.awsRequestId });
  const timeLeft = context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
  const message = new QueueMessage({ app, source, action, log, timeLeft });
  try {
    return await message.end.hold(take(message));
  } catch (error) {
    log.error("Message failed", { tries: message.tries, cause: error });
    return "retry";
  } finally {
    message.free();
  }
}
