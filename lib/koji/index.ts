export { type Checksum, findOperatorArchive, type OperatorArchive } from "./archive.ts";
export { downloadArchive } from "./download.ts";
export { type KojiBuild, KojiHub } from "./hub.ts";
export { KojiFault, MAX_RPC_ANSWER_BYTES } from "./xml-rpc.ts";
