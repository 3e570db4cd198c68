import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const PROJECT: string = fileURLToPath(new URL("../..", import.meta.url));

/** Where `npm run build` leaves what is deployed. */
export const FUNCTIONS_FOLDER: string = join(PROJECT, "dist/functions");

/** Where Lambda unpacks a function's code. */
export const TASK_ROOT = "/var/task";
