import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterAll, afterEach, beforeEach } from "vitest";
import { HttpClient, type HttpClientOptions, type HttpTrace } from "../../../lib/http/index.ts";
import { ImageRegistry, type ImageRegistryOptions } from "../../../lib/quay/index.ts";
import { listenOnLoopback } from "../../fakes/loopback.ts";
import { imageOf } from "../../fakes/registry/bundle-image.ts";
import { basic, quay } from "./acme.ts";

export { basic, count, failure, OAUTH, ops, quay, RELEASE, REPOSITORY, seed } from "./acme.ts";
export { imageOf };

export const IMAGE = imageOf("content");

/** What was logged of the calls. */
export const traces: HttpTrace[] = [];

const clients: HttpClient[] = [];
beforeEach(() => {
  traces.length = 0;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** The fake, asked by the owners' robot. */
export function images(
  options: Partial<ImageRegistryOptions> = {},
  client: Partial<HttpClientOptions> = {},
): ImageRegistry {
  const http = new HttpClient({
    timeoutMs: 20_000,
    sleep: async () => {},
    trace: (line) => traces.push(line),
    ...client,
  });
  clients.push(http);
  return new ImageRegistry(http, {
    registry: new URL(quay.url),
    quayUrl: `${quay.url}/`,
    authorization: basic("acme+bot"),
    repositoryName: (repository) => repository,
    ...options,
  });
}

/** Somebody else's server, who notes what reaches it, and takes everything. */
export interface Eavesdropper {
  readonly url: URL;
  readonly heard: IncomingHttpHeaders[];
}

export async function startEavesdropper(): Promise<Eavesdropper> {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(200, { "content-type": "application/json" }).end('{"token":"of-a-stranger"}');
  });
  const { url, close } = await listenOnLoopback(server);
  afterEach(() => void heard.splice(0));
  afterAll(close);
  return { url: new URL(url), heard };
}
