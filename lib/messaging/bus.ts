import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { AwsSettings } from "../aws/index.ts";

/** The `source` of all our events. */
const EVENT_SOURCE = "omps";

/** One bus of EventBridge, for events of ours. */
export class Bus {
  readonly #name: string;
  readonly #aws: AwsSettings;
  #client: EventBridgeClient | undefined;

  /** @param name the bus's name */
  constructor(name: string, aws: AwsSettings = {}) {
    this.#name = name;
    this.#aws = aws;
  }

  /** Puts an event; throws an Error where the bus does not take it. */
  async put(detailType: string, detail: object, signal: AbortSignal): Promise<void> {
    const { EventBridgeClient, PutEventsCommand } = await import("@aws-sdk/client-eventbridge");
    this.#client ??= new EventBridgeClient(this.#aws);
    const entry = { EventBusName: this.#name, Source: EVENT_SOURCE, DetailType: detailType };
    const { FailedEntryCount, Entries } = await this.#client.send(
      new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }),
      { abortSignal: signal },
    );
    if (!FailedEntryCount) return;
    const [{ ErrorCode = "unknown", ErrorMessage = "" } = {}] = Entries ?? [];
    throw new Error(`EventBridge did not take the event: ${ErrorCode} ${ErrorMessage}`);
  }
}
