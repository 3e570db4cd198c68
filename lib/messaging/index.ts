export { Bus } from "./bus.ts";
export { type OutgoingMessage, Queue } from "./queue.ts";
