export { MAX_TRIES } from "../messaging/index.ts";
export { type ConsumerContext, consumer, type Disposition } from "./consumer.ts";
export { MAX_REASON } from "./put-aside.ts";
export { MAX_LOOKUPS, takeNotification } from "./take-notification.ts";
export { FIRST_OPERATION_PAUSE_S } from "./take-operation.ts";
export { FIRST_PAUSE_S, takePush } from "./take-push.ts";
