import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { debianPackages } from "./debian.ts";

/** Skopeo, and the libraries it needs, by the names of Debian 12. */
const PACKAGES = ["skopeo", "libgpgme11", "libassuan0", "libdevmapper1.02.1"];

/** Where the parts of skopeo are. */
export interface SkopeoFiles {
  readonly program: string;
  /** The folders of its libraries, as LD_LIBRARY_PATH has them. */
  readonly libraries: string;
}

/**
 * Gives skopeo as this Debian has it; its first call downloads it.
 *
 * @throws Error with what apt said
 */
export async function skopeoFiles(): Promise<SkopeoFiles> {
  const place = await debianPackages("skopeo", PACKAGES);
  const libraries = globSync("{lib,usr/lib}/**/*.so.*", { cwd: place }).map((path) =>
    join(place, dirname(path)),
  );
  return { program: join(place, "usr/bin/skopeo"), libraries: [...new Set(libraries)].join(":") };
}
