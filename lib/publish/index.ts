export { type Deleted, deleteReleases } from "./delete-releases.ts";
export { packageNameOf } from "./package-name.ts";
export type { Publisher } from "./publisher.ts";
export { type ArchivePush, type Pushed, pushArchive } from "./push-archive.ts";
export { type BuildPublisher, pushBuild } from "./push-build.ts";
export { type GiveBack, type Lock, type LockTools, NO_LOCK, RepositoryLock } from "./repository-lock.ts";
export { checkVersion } from "./version.ts";
export type { TokenSource } from "./visibility.ts";
