export type { ArchivePush } from "./archive-push.ts";
export { type Deleted, deleteReleases } from "./delete-releases.ts";
export { type ListedRelease, listReleases, type PageWanted, type ReleasePage } from "./list-releases.ts";
export type { Publisher } from "./publisher.ts";
export { type Pushed, pushArchive } from "./push-archive.ts";
export { archiveOfBuild, type BuildPublisher, pushBuild } from "./push-build.ts";
export { type GiveBack, type Lock, type LockTools, NO_LOCK, RepositoryLock } from "./repository-lock.ts";
export { type Validation, type Validator, validateArchive } from "./validate-archive.ts";
export type { TokenSource } from "./visibility.ts";
