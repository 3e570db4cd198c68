import type { Validation } from "./api.ts";
import { card } from "./card.ts";
import { channels } from "./channels.ts";
import { type Child, data, element } from "./element.ts";
import { fileTree } from "./files.ts";
import { findings } from "./findings.ts";

const SETTINGS = {
  package_name_suffix: "the suffix of its name",
  replace_registry: "other registries",
  csv_annotations: "annotations of CSVs",
};

/** Says what came of it, in a few words. */
export function verdict(good: boolean, title: string, ...text: readonly Child[]): HTMLElement {
  return element("div", { class: good ? "good" : "bad" }, element("h2", {}, title), element("p", {}, text));
}

/** All that the API told of a package, but for the verdict. */
export function result(validation: Validation): Child {
  return [
    findings(validation),
    card(validation),
    channels(validation),
    wouldPush(validation),
    rewrites(validation),
    element("h2", {}, "Files"),
    fileTree(validation.extracted_files),
  ];
}

function wouldPush({ would_push, target }: Validation): Child {
  if (!would_push) return undefined;
  const { repository, version, digest, size, images, files } = would_push;
  return [
    element("h2", {}, "What would be pushed"),
    element(
      "dl",
      {},
      entry("Repository", data(repository)),
      entry(
        "Version",
        version === undefined ? "chosen when it is pushed; with a token it is told" : data(version),
      ),
      entry("As", target === "bundle" ? "images of bundles" : "a release of the application registry"),
      images &&
        entry(
          "Images",
          images.map(({ image }) => element("div", {}, data(image))),
        ),
      entry("Size", `${size.toLocaleString("en")} bytes, ${files.length} files`),
      entry("SHA-256", element("code", {}, digest)),
    ),
  ];
}

function rewrites({ rewrites }: Validation): Child {
  if (rewrites.length === 0) return undefined;
  const items = rewrites.map(({ setting, files }) =>
    element(
      "li",
      {},
      `${SETTINGS[setting]}: `,
      files.map((file, index) => [index > 0 && ", ", data(file)]),
    ),
  );
  return [element("h2", {}, "What the organization's settings change"), element("ul", {}, items)];
}

function entry(name: string, value: Child): Child {
  return [element("dt", {}, name), element("dd", {}, value)];
}
