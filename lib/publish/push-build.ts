import { findOperatorArchive, type KojiHub } from "../koji/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import { type Fetcher, fetchArchive } from "./fetch-archive.ts";
import type { Publisher } from "./publisher.ts";
import { type Pushed, pushArchive } from "./push-archive.ts";

/** What the push of a build works with, for one request. */
export interface BuildPublisher extends Publisher, Fetcher {
  readonly hub: KojiHub;
  /** Lets a build pass by its NVR, or throws; undefined where nobody is asked. */
  readonly gate: ((nvr: string) => Promise<void>) | undefined;
}

export interface BuildPush extends Omit<ArchivePush, "archive" | "maxUnpackedBytes"> {
  readonly nvr: string;
}

export interface PushedBuild extends Pushed {
  /** The build's own NVR, which has no epoch. */
  readonly nvr: string;
}

/**
 * Publishes the package of a Koji build. The gate is asked between the download and the unpacking.
 *
 * @throws the errors that the contract lists for the push of a build, in the order of its steps
 */
export function pushBuild(publisher: BuildPublisher, { nvr, ...push }: BuildPush): Promise<PushedBuild> {
  // As in pushArchive, nothing awaits that would keep the archive.
  return archiveOfBuild(publisher, nvr).then(({ nvr: built, ...archive }) =>
    pushArchive(publisher, { ...push, ...archive }).then((pushed) => ({ ...pushed, nvr: built })),
  );
}

/** The archive of a build, and the build's own NVR. */
interface BuildArchive extends Pick<ArchivePush, "archive" | "maxUnpackedBytes"> {
  readonly nvr: string;
}

/**
 * Fetches the archive of a build that the gate lets pass.
 *
 * @throws the errors that the contract lists for the push of a build, up to the unpacking
 */
export async function archiveOfBuild(publisher: BuildPublisher, nvr: string): Promise<BuildArchive> {
  const { config, hub, gate, journal } = publisher;
  const found = await journal.step("find_build", async () =>
    findOperatorArchive(hub, config.kojiroot_url, await hub.build(nvr)),
  );
  const { build } = found;
  journal.about({ nvr: build.nvr });
  const { content, large } = await journal.step("fetch_archive", () => fetchArchive(publisher, found));
  if (gate) await journal.step("ask_gate", () => gate(build.nvr));
  const maxUnpackedBytes = large ? config.upload_max_uncompressed_size : config.zipfile_max_uncompressed_size;
  return { archive: content, maxUnpackedBytes, nvr: build.nvr };
}
