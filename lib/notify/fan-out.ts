import { type BuildHint, hasOperatorManifests, type KojiHub, readNotification } from "../koji/index.ts";
import type { Journal } from "../telemetry/index.ts";
import { type QueuedJob, queued } from "./push-job.ts";
import { matchingRules, type NotificationRule, nameOfRule } from "./rules.ts";

/** What became of a notification. All but `matched` are dropped. */
export type NotificationOutcome =
  /** Pushes were queued. */
  | "matched"
  /** No rule wants the build. */
  | "ignored"
  | "malformed"
  | "too-large"
  /** It is about something else than a state or a new tag. */
  | "other-event"
  /** It says itself that the build is not complete. */
  | "not-complete"
  | "not-an-operator";

/** The hub does not list a tag that the build is said to have been given: not yet, or it is gone, or never was there. */
export class TagNotListedError extends Error {
  override readonly name = "TagNotListedError";
}

/** What the fan-out works with, for one notification. */
export interface FanOut {
  readonly rules: readonly NotificationRule[];
  readonly hub: KojiHub;
  readonly journal: Journal;
  /** Puts a job into the queue of pushes. */
  readonly send: (job: QueuedJob) => Promise<void>;
}

/**
 * Queues a push for each rule that a notification's build falls under. The notification is a hint: which build it is,
 * whether it is complete and which tags it has, the hub is asked; but not about builds that no rule can want.
 *
 * @throws KojiBuildNotFoundError when the hub has no such build, or none that is complete
 * @throws TagNotListedError when the hub does not list a tag that a rule wants
 * @throws KojiError when the hub cannot be asked
 */
export async function fanOut(tools: FanOut, notification: unknown): Promise<NotificationOutcome> {
  const reading = readNotification(notification);
  if ("reason" in reading) return reading.reason;
  const { hint } = reading;
  tools.journal.about({ nvr: hint.nvr });
  if (hint.tags === undefined && hint.state !== "COMPLETE") return "not-complete";
  if (matchingRules(tools.rules, hint).length === 0) return "ignored";
  return queuePushes(tools, hint);
}

async function queuePushes(
  { rules, hub, journal, send }: FanOut,
  hint: BuildHint,
): Promise<NotificationOutcome> {
  const build = await journal.step("find_build", () => hub.build(hint.nvr));
  if (!hasOperatorManifests(build)) return "not-an-operator";
  journal.about({ nvr: build.nvr });
  const given = hint.tags && (await journal.step("list_tags", () => hub.tags(build)));
  const tags = given?.filter((tag) => hint.tags?.includes(tag));
  const known = { name: build.name, nvr: build.nvr };
  const matched = matchingRules(rules, { ...known, tags });
  for (const rule of matched) {
    const { organization, version } = rule;
    const named = { organization, ...(version !== undefined && { version }), rule: nameOfRule(rule) };
    await send(queued({ build_id: build.id, nvr: build.nvr, ...named }, build.name));
  }
  const wanted = matchingRules(rules, { ...known, tags: hint.tags });
  if (matched.length < wanted.length)
    throw new TagNotListedError(`Koji does not list the tag of ${build.nvr} that was told of.`);
  return matched.length > 0 ? "matched" : "ignored";
}
