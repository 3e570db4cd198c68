import { homedir } from "node:os";
import { join } from "node:path";

/** Where tools are kept that are installed once for all checkouts. */
export function cacheFolder({ OMPS_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  return OMPS_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "omps");
}
