export { type Checksum, findOperatorArchive, hasOperatorManifests, type OperatorArchive } from "./archive.ts";
export { KojiFiles, type Take } from "./files.ts";
export { type KojiBuild, KojiHub } from "./hub.ts";
export {
  type BuildHint,
  MAX_NOTIFICATION_BYTES,
  MAX_WRAPPINGS,
  type NotificationReading,
  readNotification,
} from "./notification.ts";
export { NVR, nameOfNvr } from "./nvr.ts";
export { KojiFault, MAX_RPC_ANSWER_BYTES } from "./xml-rpc.ts";
