import {
  type EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import type { Entry } from "./entry.ts";

/** What became of an entry: it is on the bus, may be taken later, or never is. */
export type Outcome =
  | { readonly kind: "taken" }
  | { readonly kind: "later" | "never"; readonly code: string; readonly cause?: unknown };

/** What PutEvents says of an entry that it will not take the next time either. */
const FAULTS_OF_ENTRIES: ReadonlySet<string> = new Set([
  "InvalidArgument",
  "MalformedDetail",
  "RedactionFailure",
]);

/** HTTP's "Content Too Large". */
const TOO_LARGE = 413;

/** A bus of EventBridge. */
export class EventBus {
  readonly #client: EventBridgeClient;
  readonly #name: string;

  /** @param name the bus's name or ARN */
  constructor(client: EventBridgeClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /**
   * Puts entries on the bus, in one call unless the call is refused for what is in it; then each by itself, so that
   * one cannot hold up the others.
   *
   * @returns what became of each, in order; failures are never thrown
   */
  async put(entries: readonly Entry[]): Promise<Outcome[]> {
    try {
      return await this.#call(entries);
    } catch (cause) {
      if (!isFaultOfEntries(cause)) return entries.map(() => failed("later", cause));
      if (entries.length <= 1) return entries.map(() => failed("never", cause));
    }
    const outcomes: Outcome[] = [];
    for (const entry of entries) outcomes.push(...(await this.put([entry])));
    return outcomes;
  }

  async #call(entries: readonly Entry[]): Promise<Outcome[]> {
    const { Entries: results = [] } = await this.#client.send(
      new PutEventsCommand({ Entries: entries.map((entry) => ({ ...entry, EventBusName: this.#name })) }),
    );
    return entries.map((_, index) => {
      const { EventId, ErrorCode: code = "Unknown" } = results[index] ?? {};
      if (EventId !== undefined) return { kind: "taken" };
      return { kind: FAULTS_OF_ENTRIES.has(code) ? "never" : "later", code };
    });
  }
}

function isFaultOfEntries(error: unknown): boolean {
  return (
    error instanceof EventBridgeServiceException &&
    (error.name === "ValidationException" || error.$metadata.httpStatusCode === TOO_LARGE)
  );
}

function failed(kind: "later" | "never", cause: unknown): Outcome {
  return { kind, code: cause instanceof Error ? cause.name : "Unknown", cause };
}
