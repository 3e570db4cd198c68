export { MAX_ENTRIES } from "./central-directory.ts";
export { MAX_DIRECTORIES, MAX_NAME_BYTES, MAX_PATH_BYTES } from "./entry-name.ts";
export { type FileMap, unpack } from "./unpack.ts";
