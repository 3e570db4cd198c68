import { type BuildState, nameOfNvr, STATES } from "./nvr.ts";
import { isStruct, member } from "./schema.ts";

/** Longest notification that is read, in bytes: as much as SQS and EventBridge carry. */
export const MAX_NOTIFICATION_BYTES = 1024 * 1024;

/** Most wrappings around what Koji says; EventBridge in SNS in SQS with a bridge's own, each as JSON in a string, are 7. */
export const MAX_WRAPPINGS = 12;

/** Under which names others put what Koji says: EventBridge, SNS, fedmsg, bridges. */
const WRAPPERS = ["detail", "Message", "msg", "body"];

/** What a notification says of a build. It proves nothing: anyone may have sent it, late, or twice. */
export interface BuildHint {
  readonly nvr: string;
  /** The name in the NVR, which is that of Koji's package. */
  readonly name: string;
  readonly buildId?: number;
  /** The state that the build is said to have; UNKNOWN where the notification has none. */
  readonly state: BuildState | "UNKNOWN";
  /** The tags that it is said to have been given; absent where its state is said to have changed. */
  readonly tags?: readonly string[];
}

/**
 * What became of a notification: a hint, or why it is none. `malformed` is no notification or names no NVR,
 * `too-large` is over MAX_NOTIFICATION_BYTES, `other-event` is about something else than a state or a new tag.
 */
export type NotificationReading =
  | { readonly hint: BuildHint }
  | { readonly reason: "malformed" | "too-large" | "other-event" };

const MALFORMED = { reason: "malformed" } as const;
const OTHER_EVENT = { reason: "other-event" } as const;

/**
 * Reads Koji's notifications in the forms of protonmsg, fedora-messaging and fedmsg, bare or wrapped in `detail`,
 * `Message`, `msg` or `body`, each of them an object or JSON in a string.
 */
export function readNotification(value: unknown): NotificationReading {
  const kinds: string[] = [];
  let layer = value;
  for (let depth = 0; depth <= MAX_WRAPPINGS; depth++) {
    if (typeof layer === "string") {
      if (Buffer.byteLength(layer) > MAX_NOTIFICATION_BYTES) return { reason: "too-large" };
      layer = parseJson(layer);
    } else if (isStruct(layer)) {
      kinds.push(...kindsOf(layer));
      const inner = wrapped(layer);
      if (inner === undefined) return readBody(layer, kinds);
      layer = inner;
    } else return MALFORMED;
  }
  return MALFORMED;
}

function readBody(body: object, kinds: readonly string[]): NotificationReading {
  // Only with `strict` does a bare body of an untagging differ from one of a tagging.
  const untagged = kinds.some((kind) => /(^|\.)untag$/i.test(kind)) || Object.hasOwn(body, "strict");
  const tag = tagOf(body);
  const attribute = member(body, "attribute");
  if (untagged || (attribute === undefined ? tag === undefined : attribute !== "state")) return OTHER_EVENT;

  const build = [member(body, "info"), member(body, "build")].find(isStruct) ?? body;
  const nvr = nvrOf(build);
  if (nvr === undefined) return OTHER_EVENT;
  const name = nameOfNvr(nvr);
  const state = stateOf(attribute === undefined ? member(build, "state") : member(body, "new"));
  if (name === undefined || (attribute !== undefined && state === undefined)) return MALFORMED;
  const buildId = [member(build, "build_id"), member(build, "id")].find(isId);
  return {
    hint: {
      nvr,
      name,
      ...(buildId !== undefined && { buildId }),
      state: state ?? "UNKNOWN",
      ...(attribute === undefined && tag !== undefined && { tags: [tag] }),
    },
  };
}

/** Old hubs have no `nvr`, and the name, version and release of one that is there are the same anyway. */
function nvrOf(build: object): string | undefined {
  const parts = ["name", "version", "release"].map((name) => member(build, name));
  if (parts.every((part) => typeof part === "string")) return parts.join("-");
  const nvr = member(build, "nvr");
  return typeof nvr === "string" ? nvr : undefined;
}

/** fedora-messaging has the tag's name, protonmsg all of the tag. */
function tagOf(body: object): string | undefined {
  const tag = member(body, "tag");
  const name = typeof tag === "string" ? tag : member(tag, "name");
  return typeof name === "string" ? name : undefined;
}

function stateOf(number: unknown): BuildState | undefined {
  return typeof number === "number" ? STATES[number] : undefined;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function wrapped(layer: object): unknown {
  return WRAPPERS.map((name) => member(layer, name)).find(
    (inner) => typeof inner === "string" || isStruct(inner),
  );
}

/** What the wrappings call the event: its topic, or the type that protonmsg gives it. */
function kindsOf(layer: object): string[] {
  const headers = [member(layer, "headers"), member(layer, "application_properties")];
  const topics = ["topic", "routing_key", "amqp_address"].map((name) => member(layer, name));
  return [...topics, ...headers.map((each) => member(each, "type"))].filter(
    (kind) => typeof kind === "string",
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
