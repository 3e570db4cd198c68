import * as z from "zod/mini";
import { type BrokerMessage, textOf } from "./broker.ts";

const bytesSchema = z.instanceof(Uint8Array);

/** What is used of a message as rhea decodes it. A body of bytes is a section, or several; a text is itself. */
const messageSchema = z.object({
  to: z.catch(z.optional(z.string()), undefined),
  application_properties: z.catch(z.record(z.string(), z.unknown()), {}),
  body: z.catch(
    z.union([
      z.string(),
      z.pipe(
        z.object({ content: z.union([bytesSchema, z.array(bytesSchema)]) }),
        z.transform(({ content }) => textOf(Buffer.concat([content].flat()))),
      ),
    ]),
    undefined,
  ),
});

/**
 * Takes what is used of a message.
 *
 * @param message as rhea decoded it
 * @param address that of the link; brokers may name a more exact one in the message
 */
export function receivedMessage(message: unknown, address: string): BrokerMessage {
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) return { topic: address, headers: {}, text: undefined };
  const { to, application_properties: headers, body } = parsed.data;
  return { topic: to || address, headers, text: body };
}
