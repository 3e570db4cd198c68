export {
  type HttpCall,
  HttpClient,
  type HttpClientOptions,
  type HttpTrace,
  type HttpWrite,
} from "./client.ts";
export type { HttpResponse, HttpStream } from "./exchange.ts";
export { NetworkError, TimeoutError, UpstreamError, wireFailure } from "./failure.ts";
