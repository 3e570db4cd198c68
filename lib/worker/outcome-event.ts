import type { QueueMessage } from "./message.ts";

/** A push that nobody waited for worked, or was given up. docs/events.md tells what the details are. */
export type OutcomeEvent = "omps.release.published" | "omps.release.failed";

/** Puts an event on the bus, where there is one. That it cannot be put is logged, and changes nothing of the push. */
export async function announce(
  { app, log, afterwards }: QueueMessage,
  event: OutcomeEvent,
  detail: Readonly<Record<string, string | number | object | undefined>>,
): Promise<void> {
  const { bus } = app;
  if (!bus) return;
  await bus
    .put(event, detail, afterwards)
    .catch((cause: unknown) => log.error("The event cannot be put on the bus", { event, cause }));
}
