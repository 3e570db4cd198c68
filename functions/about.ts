import { endpoint } from "../lib/api/index.ts";
import { COURIER_VERSION, VERSION } from "../lib/app.ts";

/** GET …/about: our version, and that of operator-courier whose rules we follow. */
export const handler = endpoint("read", () => ({ version: VERSION, operatorcourier: COURIER_VERSION }));
