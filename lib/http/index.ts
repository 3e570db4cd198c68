export {
  type HttpCall,
  HttpClient,
  type HttpClientOptions,
  type HttpTrace,
  type HttpWrite,
} from "./client.ts";
export type { HttpResponse } from "./exchange.ts";
export { NetworkError, TimeoutError, UpstreamError, wireFailure } from "./failure.ts";
