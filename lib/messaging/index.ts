export { Bus } from "./bus.ts";
export { MAX_TRIES, type OutgoingMessage, Queue } from "./queue.ts";
