import type { Validation } from "./api.ts";
import { type Child, data, element } from "./element.ts";
import { markdown } from "./markdown.ts";

type Csv = Validation["csvs"][number];

/** Pictures that are shown. An SVG in an img runs no script and loads nothing. */
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"];

/** The operator as a catalog would show it: by the head of its default channel, or else the last version. */
export function card({ csvs, channels, default_channel }: Validation): Child {
  const head = channels.find(({ name }) => name === default_channel) ?? channels[0];
  const shown = csvs.find(({ name }) => name === head?.current_csv) ?? csvs.at(-1);
  if (!shown) return undefined;
  return [element("h2", {}, "In a catalog"), element("article", { class: "card" }, parts(shown))];
}

function parts(csv: Csv): Child[] {
  const { display_name, name, version, provider, capabilities, categories, description } = csv;
  const tags = [capabilities ?? "", ...(categories ?? "").split(",")]
    .map((tag) => tag.trim())
    .filter(Boolean);
  const by = [version !== null && data(version), provider !== null && [" by ", data(provider)]];
  return [
    element(
      "div",
      { class: "top" },
      icon(csv),
      element("div", {}, element("h3", {}, data(display_name ?? name)), element("p", { class: "quiet" }, by)),
    ),
    tags.length > 0 &&
      element(
        "ul",
        { class: "tags" },
        tags.map((tag) => element("li", {}, data(tag))),
      ),
    description !== null && markdown(description),
    crds(csv),
  ];
}

function icon({ icon }: Csv): Child {
  const base64 = icon?.base64data.replaceAll(/\s/g, "") ?? "";
  if (!icon || !PICTURES.includes(icon.mediatype) || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const image = element("img", {
    class: "icon",
    alt: "",
    src: `data:${icon.mediatype};base64,${base64}`,
  });
  image.addEventListener("error", () => image.remove());
  return image;
}

function crds({ crds }: Csv): Child {
  if (crds.length === 0) return undefined;
  const items = crds.map(({ name, kind, version, display_name, description }) =>
    element(
      "li",
      {},
      element("strong", {}, data(display_name ?? kind ?? name)),
      " ",
      element("span", { class: "quiet" }, data(name), version !== null && [" ", data(version)]),
      description !== null && [element("br"), data(description)],
    ),
  );
  return [element("h3", {}, "Owned resources"), element("ul", {}, items)];
}
