import { marked as markedText } from "./safe-text.ts";

/** What an element may hold; texts are data, and stay such. */
export type Child = Node | string | undefined | false | readonly Child[];

/** Makes an element. Nothing that is given here is ever read as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...nodes(children));
  return made;
}

/** A text that came with a package: kept apart from the text around it, with what is invisible shown. */
export function data(text: string): HTMLElement {
  return element("bdi", {}, data.pieces(text));
}

/** The same without the element around it. */
data.pieces = (text: string): Child[] =>
  markedText(text).map((piece) =>
    piece.hidden
      ? element("span", { class: "mark", title: "a character that cannot be seen" }, piece.text)
      : piece.text,
  );

/** The element of the page with this ID. */
export function byId<Type extends Element>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${id}.`);
}

function nodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === undefined || child === false) return [];
    return typeof child === "string" || child instanceof Node ? [child] : nodes(child);
  });
}
