import { homedir } from "node:os";
import { join } from "node:path";

/** Where tools of the tests are installed, once for all checkouts: `OMPS_CACHE`, or `omps` in the user's cache folder. */
export function cacheFolder({ OMPS_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  return OMPS_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "omps");
}
