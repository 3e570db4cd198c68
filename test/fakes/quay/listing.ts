import type { Caller } from "./accounts.ts";
import { type Answer, cnrJson, serverError } from "./answer.ts";
import { type Call, cnrCaller } from "./call.ts";
import { knownMediaType } from "./media-type.ts";
import type { Json } from "./python-json.ts";
import type { Repository } from "./repository.ts";

/** Naive ISO in whole seconds, as the server's database gives it. */
export function naiveTime(date: Date): string {
  return date.toISOString().slice(0, 19);
}

function describePackage(repository: Repository): Json {
  const releases = repository.releaseNames();
  const [newest = ""] = releases;
  const pushes = repository.live.map(({ pushedAt }) => pushedAt).sort((a, b) => a.getTime() - b.getTime());
  const [first = new Date(0)] = pushes;
  const last = pushes.at(-1) ?? first;
  const mediaTypes = repository.live.filter(({ name }) => name === newest).map(({ mediaType }) => mediaType);
  return {
    channels: null,
    created_at: naiveTime(first),
    default: newest,
    manifests: [...new Set(mediaTypes)],
    name: repository.fullName,
    namespace: repository.namespace,
    releases,
    updated_at: naiveTime(last),
    visibility: repository.visibility,
  };
}

/** A search is cut before the namespace is looked at, a plain listing after, and an anonymous one never. */
function visibleRepositories({ quay, query }: Call, caller: Caller): Repository[] {
  const namespace = query.get("namespace");
  const text = query.get("query");
  const inNamespace = (repository: Repository) => !namespace || repository.namespace === namespace;
  const visible = quay.registry
    .ofKind("application")
    .filter((repository) => quay.rights.mayList(caller, repository));
  if (text) {
    const named = visible.filter(({ name }) => name.includes(text));
    return named.slice(0, quay.resultsLimit).filter(inNamespace);
  }
  const listed = visible.filter(inNamespace);
  return caller.kind === "anonymous" ? listed : listed.slice(0, quay.resultsLimit);
}

export function listPackages(call: Call): Answer {
  const caller = cnrCaller(call);
  const mediaType = call.query.get("media_type");
  const wanted = mediaType ? knownMediaType(mediaType) : undefined;
  if (mediaType && wanted === undefined) return serverError;

  // Repositories without releases have counted against the limit; only now they go.
  const shown = visibleRepositories(call, caller).filter(({ live }) =>
    live.some((release) => wanted === undefined || release.mediaType === wanted),
  );
  return cnrJson(shown.map(describePackage));
}

export function searchPackages(call: Call): Answer {
  const { quay, query } = call;
  const caller = cnrCaller(call);
  const found = quay.registry
    .ofKind("application")
    .filter((repository) => quay.rights.mayList(caller, repository))
    .filter(({ name }) => name.includes(query.get("q") ?? ""));
  return cnrJson(found.slice(0, quay.resultsLimit).map(({ fullName }) => fullName));
}
