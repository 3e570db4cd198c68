export { type ConsumerContext, consumer, type Disposition } from "./consumer.ts";
export { MAX_REASON } from "./put-aside.ts";
export { MAX_LOOKUPS, takeNotification } from "./take-notification.ts";
export { FIRST_PAUSE_S, MAX_TRIES, takePush } from "./take-push.ts";
