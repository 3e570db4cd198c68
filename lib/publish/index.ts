export { type Deleted, deleteReleases } from "./delete-releases.ts";
export {
  type ArchivePush,
  MAX_VERSION_CHOICES,
  type Publisher,
  type Pushed,
  pushArchive,
} from "./push-archive.ts";
export type { TokenSource } from "./visibility.ts";
