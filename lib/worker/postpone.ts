import type { Disposition } from "./consumer.ts";
import type { QueueMessage } from "./message.ts";

/** Has a message tried again after so many seconds. Where that fails, it waits for as long as the queue hides it anyway. */
export async function postpone(message: QueueMessage, seconds: number): Promise<Disposition> {
  const { app, record, log, journal, end } = message;
  const { pushes } = app;
  if (!record || !pushes?.hasArn(record.eventSourceARN)) return "retry";
  await journal
    .call("sqs", () => pushes.hide(record.receiptHandle, seconds, end.signal))
    .catch((cause: unknown) => log.warn("The push cannot be postponed", { seconds, cause }));
  return "retry";
}
