export { type Deleted, deleteReleases } from "./delete-releases.ts";
export {
  type ArchivePush,
  type Publisher,
  type Pushed,
  pushArchive,
} from "./push-archive.ts";
export { type BuildPublisher, pushBuild } from "./push-build.ts";
export type { TokenSource } from "./visibility.ts";
