export {
  type CallDeadline,
  type HttpCall,
  HttpClient,
  type HttpClientOptions,
  type HttpTrace,
  type HttpWrite,
} from "./client.ts";
export type { HttpResponse, HttpStream } from "./exchange.ts";
export { NetworkError, TimeoutError, TooLongError, UpstreamError, wireFailure } from "./failure.ts";
export { answerJson, answerObject, MAX_JSON_DEPTH } from "./json.ts";
export { Trust } from "./trust.ts";
