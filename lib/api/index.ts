export { Answer } from "./answer.ts";
export { buildPublisher } from "./build-publisher.ts";
export { ANSWER_RESERVE_MS, Deadline } from "./deadline.ts";
export { type EndpointContext, endpoint } from "./endpoint.ts";
export { asOmpsError, outcomeOf } from "./failure.ts";
export { lockOf } from "./lock.ts";
export { uploadedArchive } from "./multipart.ts";
export type { ApiRequest } from "./request.ts";
export { type FunctionName, matchPath, ROUTES, type Route } from "./routes.ts";
