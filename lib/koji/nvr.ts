/**
 * What Koji 1.35 can have as an NVR: the hub's RegexNameInternal for the name (its "/" never got into a build),
 * the characters of RPM for version and release, each no longer than the directory that it becomes. An epoch
 * in front is ignored, as the hub does. Nothing else gets into a call.
 */
export const NVR =
  /^(?:[0-9]{1,10}:)?([A-Za-z0-9_.+-]{1,255})-[A-Za-z0-9_.+~^]{1,255}-[A-Za-z0-9_.+~^]{1,255}$/;

/** Koji's names of a build's states, by number. */
export const STATES = ["BUILDING", "COMPLETE", "DELETED", "FAILED", "CANCELED"] as const;

/** Koji's name of a build's state. */
export type BuildState = (typeof STATES)[number];

/** The name in an NVR, without an epoch; undefined for a text that is no NVR. */
export function nameOfNvr(text: string): string | undefined {
  return NVR.exec(text)?.[1];
}
