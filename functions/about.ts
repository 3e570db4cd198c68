import { endpoint } from "../lib/api/index.ts";
import { COURIER_VERSION, VERSION } from "../lib/app.ts";
import type { AnswerOf } from "../lib/openapi/index.ts";

/** GET …/about: our version, and that of operator-courier whose rules we follow. */
export const handler = endpoint(
  "read",
  (): AnswerOf<"About"> => ({
    version: VERSION,
    operatorcourier: COURIER_VERSION,
  }),
);
