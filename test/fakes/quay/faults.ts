import type { Fault, FaultAction } from "../faults.ts";
import type { QuayOp } from "./routes.ts";

export { answering } from "../faults.ts";

export type QuayFaultAction = FaultAction;

/** `match` is held against the path as it was sent, without the query. */
export type QuayFault = Fault<QuayOp>;
