export { type Checksum, findOperatorArchive, type OperatorArchive } from "./archive.ts";
export { KojiFiles, type Take } from "./files.ts";
export { type KojiBuild, KojiHub } from "./hub.ts";
export { KojiFault, MAX_RPC_ANSWER_BYTES } from "./xml-rpc.ts";
