import type { Disposition } from "./consumer.ts";
import type { QueueMessage } from "./message.ts";

/** Has a message tried again after so many seconds. Where that fails, it waits for as long as the queue hides it anyway. */
export async function postpone(message: QueueMessage, seconds: number): Promise<Disposition> {
  const { app, record, log, afterwards } = message;
  const { pushes } = app;
  if (!record || !pushes?.hasArn(record.eventSourceARN)) return "retry";
  await pushes
    .hide(record.receiptHandle, seconds, afterwards)
    .catch((cause: unknown) => log.warn("The push cannot be postponed", { seconds, cause }));
  return "retry";
}
