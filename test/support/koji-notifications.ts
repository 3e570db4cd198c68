import { readFileSync } from "node:fs";
import * as z from "zod/mini";

const FIXTURES = new URL("../fixtures/koji/", import.meta.url);
const object = z.record(z.string(), z.unknown());
const protonSchema = z.record(
  z.string(),
  z.object({
    amqp_address: z.string(),
    application_properties: object,
    "body (a JSON *string* in an AmqpValue)": object,
  }),
);
const fedoraSchema = z.array(z.object({ routing_key: z.string(), body: object }));

/** What came of one message: where it was sent to, what stood beside it, and what Koji said. */
export interface RecordedNotification {
  readonly topic: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A notification that Koji 1.35's protonmsg plugin made, by its name in the recording. */
export function protonNotification(name: string): RecordedNotification {
  const found = protonNotifications()[name];
  if (!found) throw new Error(`There is no recorded notification ${name}.`);
  return found;
}

/** All of them. */
export function protonNotifications(): Record<string, RecordedNotification> {
  const recorded = protonSchema.parse(read("samples-protonmsg.json"));
  return Object.fromEntries(
    Object.entries(recorded).map(([name, each]) => [
      name,
      {
        topic: each.amqp_address.replace(/^topic:\/\//, ""),
        headers: each.application_properties,
        body: each["body (a JSON *string* in an AmqpValue)"],
      },
    ]),
  );
}

/** What the koji-fedoramessaging plugin made, in order. */
export function fedoraNotifications(): RecordedNotification[] {
  return fedoraSchema
    .parse(read("samples-fedora-messaging.json"))
    .map(({ routing_key: topic, body }) => ({ topic, headers: {}, body }));
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FIXTURES), "utf8"));
}
