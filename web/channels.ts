import type { Validation } from "./api.ts";
import { type Child, data, element } from "./element.ts";

type Csv = Validation["csvs"][number];

/** The channels: each from its head along what one replaces, down to the first. */
export function channels({ channels, csvs, default_channel }: Validation): Child {
  const byName = new Map(csvs.map((csv) => [csv.name, csv]));
  const chains = channels.map((channel) => ({ ...channel, chain: chainOf(channel.current_csv, byName) }));
  const inOne = new Set(chains.flatMap(({ chain }) => chain));
  const others = csvs.filter(({ name }) => !inOne.has(name));
  if (chains.length === 0 && others.length === 0) return undefined;
  const shown = chains.map(({ name, current_csv, chain }) =>
    element(
      "section",
      {},
      element("h3", {}, data(name), name === default_channel && " (default)"),
      current_csv !== null &&
        element(
          "ol",
          { class: "chain" },
          chain.map((each) => link(each, byName.get(each))),
        ),
    ),
  );
  return [
    element("h2", {}, "Channels"),
    element("div", { class: "channels" }, shown),
    others.length > 0 && [
      element("h3", {}, chains.some(({ chain }) => chain.length > 0) ? "In no channel" : "Versions"),
      element(
        "ul",
        {},
        others.map(({ name, replaces }) =>
          element("li", {}, data(name), replaces !== null && [" replaces ", data(replaces)]),
        ),
      ),
    ],
  ];
}

/** Names from a head on; the last one may be of no version that is there. One that comes again ends it. */
function chainOf(head: string | null, byName: ReadonlyMap<string, Csv>): string[] {
  const chain = new Set<string>();
  for (let name = head; name !== null && !chain.has(name); name = byName.get(name)?.replaces ?? null)
    chain.add(name);
  return [...chain];
}

function link(name: string, csv: Csv | undefined): HTMLElement {
  if (!csv) return element("li", { class: "absent" }, data(name), " ", quiet("not in this package"));
  const skips = csv.skips.map((each, index) => [index > 0 && ", ", data(each)]);
  return element(
    "li",
    {},
    data(name),
    csv.replaces !== null && quiet(" replaces ", data(csv.replaces)),
    skips.length > 0 && [element("br"), quiet("skips ", skips)],
  );
}

function quiet(...children: Child[]): HTMLElement {
  return element("span", { class: "quiet" }, children);
}
