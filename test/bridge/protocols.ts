import type { Source } from "../../bridge/settings.ts";
import type { Publisher } from "./publisher.ts";

/** How each protocol reads a queue, and how messages with such bodies get there. */
export interface Protocol {
  readonly name: string;
  readonly source: (queue: string) => Source;
  readonly publish: (
    publisher: Publisher,
    queue: string,
    bodies: readonly (string | Buffer)[],
  ) => Promise<void>;
  /** What events name as their topic. */
  readonly topic: (queue: string) => string;
}

const address = (queue: string) => `/amq/queue/${queue}`;

export const PROTOCOLS: readonly Protocol[] = [
  {
    name: "AMQP 1.0",
    source: (queue) => ({ protocol: "1.0", addresses: [address(queue)] }),
    topic: address,
    publish: (publisher, queue, bodies) =>
      publisher.publish10(
        address(queue),
        bodies.map((body) => ({
          body: typeof body === "string" ? body : { typecode: 0x75, content: body, multiple: false },
          application_properties: { type: "BuildStateChange" },
        })),
      ),
  },
  {
    name: "AMQP 0-9-1",
    source: (queue) => ({ protocol: "0-9-1", queue }),
    topic: (queue) => queue,
    publish: async (publisher, queue, bodies) => {
      for (const body of bodies) await publisher.publish("", queue, body, { type: "BuildStateChange" });
    },
  },
];
