import { endpoint, tellOperation } from "../lib/api/index.ts";

/** GET …/operations/{operation}: how a push goes, or has ended, that its caller does not wait for. */
export const handler = endpoint("read", tellOperation);
