import { createHash } from "node:crypto";
import * as z from "zod/mini";
import {
  type ArchiveSeed,
  CHECKSUM_TYPES,
  type KojiBuildSeed,
  type KojiSeed,
  type LogSeed,
  STATES,
} from "./seed.ts";
import { type KojiValue, readResponse, responseXml } from "./xml.ts";

/** What the fake must know of a build whose answer was recorded. */
const recordedSchema = z.object({
  id: z.number(),
  nvr: z.string(),
  name: z.string(),
  version: z.string(),
  release: z.string(),
  state: z.number(),
  volume_name: z.string(),
});

type Struct = { readonly [name: string]: KojiValue };

export interface StoredBuild {
  readonly id: number;
  readonly nvr: string;
  /** getBuild's answer. */
  readonly answer: string;
  readonly tags: readonly string[];
  readonly logs: readonly Struct[];
  readonly archives: readonly Struct[];
}

/** The builds and files of one Koji. */
export class KojiWorld {
  readonly builds: StoredBuild[] = [];
  /** By path below Koji's root. */
  readonly files = new Map<string, Uint8Array>();
  readonly knowsOperatorManifests: boolean;
  #archives = 0;

  constructor(seed: KojiSeed) {
    this.knowsOperatorManifests = seed.knowsOperatorManifests ?? true;
    for (const build of seed.builds ?? []) this.add(build);
    for (const [path, content] of Object.entries(seed.files ?? {})) this.files.set(path, content);
  }

  add(seed: KojiBuildSeed): void {
    const build = seed.recording === undefined ? this.#newBuild(seed) : recorded(seed.recording);
    const { archives = [], logs = [] } = seed;
    const volume = build.volume_name === "DEFAULT" ? "" : `vol/${build.volume_name}/`;
    const directory = `${volume}packages/${build.name}/${build.version}/${build.release}`;
    if (STATES[build.state] !== "DELETED") this.#store(directory, archives, logs);
    this.builds.push({
      id: build.id,
      nvr: build.nvr,
      answer: seed.recording ?? responseXml(build),
      tags: seed.tags ?? [],
      archives: archives
        .filter(({ subdirectory }) => subdirectory === undefined)
        .map((archive) => this.#archiveRow(build.id, archive)),
      logs: STATES[build.state] === "COMPLETE" ? logs.map((log) => logRow(directory, log)) : [],
    });
  }

  #newBuild(seed: KojiBuildSeed) {
    const id = seed.id ?? Math.max(0, ...this.builds.map((build) => build.id)) + 1;
    return buildInfo(seed, id);
  }

  #store(directory: string, archives: readonly ArchiveSeed[], logs: readonly LogSeed[]): void {
    for (const { filename, subdirectory, content, metadataOnly } of archives) {
      const place = subdirectory === undefined ? "" : `${subdirectory}/`;
      if (!metadataOnly) this.files.set(`${directory}/files/operator-manifests/${place}${filename}`, content);
    }
    for (const { name, directory: below, content } of logs) {
      this.files.set(`${directory}/data/logs/${below === undefined ? "" : `${below}/`}${name}`, content);
    }
  }

  #archiveRow(buildId: number, archive: ArchiveSeed): Struct {
    const { filename, content, checksumType = "md5", listed = {} } = archive;
    return {
      btype: "operator-manifests",
      btype_id: 5,
      build_id: buildId,
      buildroot_id: buildId,
      checksum: listed.checksum ?? createHash(checksumType).update(content).digest("hex"),
      checksum_type: CHECKSUM_TYPES.indexOf(checksumType),
      compression_type: "zip",
      extra: { typeinfo: { "operator-manifests": {} } },
      filename,
      // The image that a build has, too, comes first.
      id: 2 * ++this.#archives,
      metadata_only: archive.metadataOnly ?? false,
      size: listed.size ?? content.length,
      type_description: "Zip file",
      type_extensions: "zip",
      type_id: 2,
      type_name: "zip",
    };
  }
}

const recordings = new Map<string, z.output<typeof recordedSchema>>();

/** Each is decoded once: a fake is often reset to them. */
function recorded(xml: string): z.output<typeof recordedSchema> {
  const build = recordings.get(xml) ?? recordedSchema.parse(readResponse(xml));
  recordings.set(xml, build);
  return build;
}

function logRow(directory: string, { name, directory: below = "." }: LogSeed): Struct {
  return { name, dir: below, path: `${directory}/data/logs/${below}/${name}` };
}

/** As koji.parse_NVR; undefined where that raises "invalid format". An epoch is cut off the name. */
export function parseNvr(nvr: string): { name: string; version: string; release: string } | undefined {
  const [, name = "", version = "", release = ""] = /^(.*)-([^-]+)-([^-]+)$/s.exec(nvr) ?? [];
  if (version === "") return undefined;
  return { name: name.slice(name.indexOf(":") + 1), version, release };
}

/** The members of getBuild's answer, in the hub's order. */
function buildInfo(seed: KojiBuildSeed, id: number) {
  const { name = "", version = "", release = "" } = parseNvr(seed.nvr) ?? {};
  const state = seed.state ?? "COMPLETE";
  const started = 1795507958.707852 + id;
  const time = new Date(started * 1000).toISOString().replace("T", " ").replace("Z", "000+00:00");
  const isEnded = state !== "BUILDING";
  return {
    build_id: id,
    cg_id: 1,
    completion_time: isEnded ? time : null,
    completion_ts: isEnded ? started : null,
    creation_event_id: 4 + id,
    creation_time: time,
    creation_ts: started,
    draft: false,
    epoch: seed.epoch ?? null,
    extra: seed.extra ?? null,
    id,
    name,
    nvr: seed.nvr,
    owner_id: 3,
    owner_name: "jdoe",
    package_id: id,
    package_name: name,
    promoter_id: null,
    promoter_name: null,
    promotion_time: null,
    promotion_ts: null,
    release,
    source: `git://pkgs.example.com/containers/${name}#9103c13a9f6057e66a2beeab95f17604a02d46f0`,
    start_time: time,
    start_ts: started,
    state: STATES.indexOf(state),
    task_id: seed.taskId ?? null,
    version,
    volume_id: seed.volume === undefined ? 0 : 1,
    volume_name: seed.volume ?? "DEFAULT",
    cg_name: "atomic-reactor",
  };
}
