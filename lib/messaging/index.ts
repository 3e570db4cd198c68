export { Bus } from "./bus.ts";
export { MAX_TRIES, type OutgoingMessage, Queue, type QueuePlace } from "./queue.ts";
