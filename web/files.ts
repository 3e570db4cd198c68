import { type Child, data, element } from "./element.ts";

/** Files that are shown. */
const MAX_SHOWN = 2000;

interface Folder {
  readonly files: string[];
  readonly folders: Map<string, Folder>;
}

/** The files of an archive, as a tree. */
export function fileTree(paths: readonly string[]): Child {
  const root: Folder = { files: [], folders: new Map() };
  for (const path of paths.slice(0, MAX_SHOWN)) add(root, path.split("/"));
  const more = paths.length - MAX_SHOWN;
  return element(
    "details",
    paths.length > 30 ? {} : { open: "" },
    element("summary", {}, `${paths.length} files in the archive`),
    tree(root, true),
    more > 0 && element("p", { class: "quiet" }, `and ${more} more`),
  );
}

function add(folder: Folder, parts: readonly string[]): void {
  let at = folder;
  for (const part of parts.slice(0, -1)) {
    const next: Folder = at.folders.get(part) ?? { files: [], folders: new Map() };
    at.folders.set(part, next);
    at = next;
  }
  at.files.push(parts.at(-1) ?? "");
}

function tree({ files, folders }: Folder, isRoot = false): HTMLElement {
  return element(
    "ul",
    isRoot ? { class: "tree" } : {},
    [...folders].map(([name, folder]) => element("li", {}, data(name), "/", tree(folder))),
    files.map((name) => element("li", {}, data(name))),
  );
}
