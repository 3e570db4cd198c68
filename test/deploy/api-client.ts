import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod/mini";

const bodySchema = z.record(z.string(), z.unknown());

/** A request to the API. */
export interface ApiRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What the API answered: its body is a JSON object. */
export interface ApiAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: z.output<typeof bodySchema>;
}

/**
 * Makes a client of an API in ministack, which knows the API by the host name. That name need not be in the
 * machine's DNS; fetch could not send it then.
 */
export function apiClient(port: number, host: string) {
  return async (
    method: string,
    path: string,
    { headers = {}, body }: ApiRequest = {},
  ): Promise<ApiAnswer> => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers: { ...headers, host } });
    asked.end(body);
    const [answer]: IncomingMessage[] = await once(asked, "response");
    if (!answer) throw new TypeError("There was no answer.");
    const content: unknown = JSON.parse(await text(answer));
    return { status: answer.statusCode, headers: answer.headers, body: bodySchema.parse(content) };
  };
}
