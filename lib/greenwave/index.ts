export { Greenwave, type GreenwaveSettings, MAX_DECISION_BYTES } from "./greenwave.ts";
