import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { ACCOUNT, REGION } from "./account.ts";

/** How many bytes the time of an entry counts for. */
const TIME_BYTES = 14;

/** An event as it is put on a bus. */
export const entrySchema = z.strictObject({
  EventBusName: z.optional(z.string()),
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  Resources: z.optional(z.array(z.string())),
  /** Seconds since 1970. */
  Time: z.optional(z.number()),
});

const detailSchema = z.record(z.string(), z.unknown());

export type Entry = z.infer<typeof entrySchema>;

/** Why an entry is not put on a bus. */
export interface EntryRefusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** An event as it comes out of a bus. */
export interface BusEvent {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** The size of an entry as EventBridge counts it, in bytes. */
export function sizeOf({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Time === undefined ? bytes : bytes + TIME_BYTES;
}

/** Makes the event of an entry, or tells why there is none. */
export function eventOf(entry: Entry, now: number): BusEvent | EntryRefusal {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (entry[name]) continue;
    const reason = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
    return { ErrorCode: "InvalidArgument", ErrorMessage: reason };
  }
  if (entry.Source?.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  const detail = detailOf(entry.Detail);
  if (!detail) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const time = entry.Time === undefined ? now : entry.Time * 1000;
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": entry.DetailType,
    source: entry.Source,
    account: ACCOUNT,
    time: new Date(time).toISOString().replace(/\.\d+Z$/, "Z"),
    region: REGION,
    resources: entry.Resources ?? [],
    detail,
  };
}

function detailOf(text = ""): Record<string, unknown> | undefined {
  try {
    return detailSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
