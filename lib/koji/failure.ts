import {
  KojiBuildNotFoundError,
  KojiError,
  KojiNotAnOperatorImageError,
  type OmpsError,
} from "../errors/index.ts";
import { NetworkError, TimeoutError, UpstreamError } from "../http/index.ts";
import { KojiFault } from "./xml-rpc.ts";

/** Koji's GenericError. Many causes share the code, and only the text tells them apart (Koji 1.35). */
const GENERIC_FAULT = 1000;

/** Koji's ServerOffline, also during an outage of its database. */
const OFFLINE_FAULT = 1014;

/**
 * The one table from what went wrong on the way to Koji to the contract. What Koji itself says is never
 * shown: a fault's text can be SQL.
 *
 * @param what the work that failed, as in "get the build a-1-1"
 */
export function kojiFailure(what: string, cause: unknown): KojiError {
  if (cause instanceof KojiFault && cause.code === OFFLINE_FAULT)
    return new KojiError(`Koji is offline: cannot ${what}. Try again later.`, { cause });
  if (cause instanceof KojiFault)
    return new KojiError(`Koji refused with fault ${cause.code}: cannot ${what}.`, { cause });
  if (cause instanceof TimeoutError)
    return new KojiError(`Koji did not answer in time: cannot ${what}. Try again.`, { cause });
  if (cause instanceof NetworkError)
    return new KojiError(`Koji gave no usable answer: cannot ${what}. Try again.`, { cause });
  if (cause instanceof UpstreamError)
    return new KojiError(`Koji answered with HTTP status ${cause.status}: cannot ${what}.`, { cause });
  throw cause;
}

/** The same for getBuild, which tells with a fault too that there is no such build. */
export function buildFailure(nvr: string, cause: unknown): OmpsError {
  if (hasText(cause, /^(invalid format|No such build): /)) return buildNotFound(nvr, { cause });
  return kojiFailure(`get the build ${nvr}`, cause);
}

/** Whether a hub says that it has no archives of this type at all: nobody added it with addBType. */
export function isUnsupportedArchiveType(cause: unknown): boolean {
  return hasText(cause, /^unsupported archive type: /);
}

export function buildNotFound(nvr: string, options?: ErrorOptions): KojiBuildNotFoundError {
  return new KojiBuildNotFoundError(
    `Koji has no build ${nvr}. Check the NVR, and whether it is a build of the Koji that this service asks.`,
    options,
  );
}

export function malformedNvr(nvr: string): KojiBuildNotFoundError {
  return new KojiBuildNotFoundError(
    `${JSON.stringify(nvr.slice(0, 100))} is no NVR of a Koji build: expected <name>-<version>-<release>, as in etcd-operator-container-0.9.4-1.`,
  );
}

/** @param state Koji's name of it */
export function buildNotComplete(nvr: string, state: string): KojiBuildNotFoundError {
  const advice = state === "BUILDING" ? "Wait until it is complete." : "Name another build.";
  return new KojiBuildNotFoundError(
    `Koji has no complete build ${nvr}: expected the state COMPLETE, but it is ${state}. ${advice}`,
  );
}

/** For a build that is there and complete. */
export function notAnOperatorImage(nvr: string): KojiNotAnOperatorImageError {
  return new KojiNotAnOperatorImageError(
    `The build ${nvr} has no operator manifests. Name the container build of an operator, not an RPM or another image.`,
  );
}

function hasText(cause: unknown, pattern: RegExp): boolean {
  return cause instanceof KojiFault && cause.code === GENERIC_FAULT && pattern.test(cause.text);
}
