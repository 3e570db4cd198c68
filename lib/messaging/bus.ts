import * as z from "zod/mini";
import { type AwsPlace, domainOf, endpointOf, regionOf, signedHeaders } from "../aws/index.ts";
import { answerJson, type HttpClient, UpstreamError } from "../http/index.ts";

/** The `source` of all our events. */
const EVENT_SOURCE = "omps";

/** How long EventBridge may take for a call, its retries included, in milliseconds; it needs some 10. */
const CALL_TIMEOUT_MS = 5000;

const answerSchema = z.object({
  FailedEntryCount: z.number(),
  Entries: z.array(z.object({ ErrorCode: z.optional(z.string()), ErrorMessage: z.optional(z.string()) })),
});

/** Where a bus is, and who we are. */
export interface BusPlace extends AwsPlace {
  /** The bus's name. */
  readonly name: string;
}

/** One bus of EventBridge, for events of ours. It is asked by plain signed requests, as queues are. */
export class Bus {
  readonly #place: BusPlace;

  constructor(place: BusPlace) {
    this.#place = place;
  }

  /**
   * Puts an event. One whose answer is lost is put again: events may come twice.
   *
   * @throws TimeoutError, NetworkError or UpstreamError; an Error where the bus does not take it
   */
  async put(detailType: string, detail: object, http: HttpClient): Promise<void> {
    const region = regionOf(this.#place);
    const url = new URL(
      endpointOf(this.#place, "EVENTBRIDGE") ?? `https://events.${region}.${domainOf(region)}`,
    );
    const Detail = JSON.stringify(detail);
    const entry = { EventBusName: this.#place.name, Source: EVENT_SOURCE, DetailType: detailType, Detail };
    const body = Buffer.from(JSON.stringify({ Entries: [entry] }));
    const type = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" };
    const headers = await signedHeaders(this.#place, {
      service: "events",
      method: "POST",
      url,
      headers: type,
      body,
    });
    const answer = await http.to("eventbridge").within(CALL_TIMEOUT_MS).read({ url, headers, body });
    if (answer.status !== 200) throw new UpstreamError("EventBridge PutEvents", answer.status, answer.body);
    const { FailedEntryCount, Entries } = answerSchema.parse(answerJson(answer));
    if (FailedEntryCount === 0) return;
    const [{ ErrorCode = "unknown", ErrorMessage = "" } = {}] = Entries;
    throw new Error(`EventBridge did not take the event: ${ErrorCode} ${ErrorMessage}`);
  }
}
