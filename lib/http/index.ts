export { type HttpCall, HttpClient, type HttpWrite } from "./client.ts";
export type { HttpResponse, HttpStream } from "./exchange.ts";
export { NetworkError, TimeoutError, TooLongError, UpstreamError, wireFailure } from "./failure.ts";
export { answerJson, answerObject, MAX_JSON_DEPTH } from "./json.ts";
export type { CallDeadline, HttpClientOptions, HttpTrace } from "./options.ts";
export { retryAfterMs } from "./retry.ts";
export { Trust } from "./trust.ts";
