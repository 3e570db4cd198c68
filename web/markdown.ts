import { lexer, type Token, type Tokens } from "marked";
import { type Child, data, element } from "./element.ts";

/** How deep lists and quotes are shown inside each other; what is deeper is shown as it is written. */
const MAX_DEPTH = 12;

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": "\u00a0",
};

/** Shows Markdown. HTML in it is shown as text, pictures by their text; links lead to http and https only. */
export function markdown(text: string): HTMLElement {
  return element("div", { class: "description", dir: "auto", tabindex: "0" }, blocks(lexer(text), 0));
}

function blocks(tokens: readonly Token[], depth: number): Child[] {
  return tokens.map((token) => (depth > MAX_DEPTH ? data.pieces(token.raw) : block(token, depth)));
}

function block(token: Token, depth: number): Child {
  const { raw } = token;
  if (token.type === "space" || token.type === "def") return undefined;
  if (token.type === "hr") return element("hr");
  if (token.type === "code") return element("pre", {}, element("code", {}, data.pieces(textOf(token))));
  if (token.type === "heading") return element("h4", {}, inlines(token.tokens, raw, depth));
  if (token.type === "paragraph") return element("p", {}, inlines(token.tokens, raw, depth));
  if (token.type === "text") return inlines(token.tokens, textOf(token), depth);
  if (token.type === "blockquote") return element("blockquote", {}, blocks(token.tokens ?? [], depth + 1));
  if (isList(token)) {
    const items = token.items.map((item) => element("li", {}, blocks(item.tokens, depth + 1)));
    return element(token.ordered ? "ol" : "ul", {}, items);
  }
  if (isTable(token)) return table(token, depth);
  return element("p", {}, data.pieces(raw));
}

function table({ header, rows }: Tokens.Table, depth: number): HTMLElement {
  const cells = (name: "td" | "th", row: readonly Tokens.TableCell[]) =>
    element(
      "tr",
      {},
      row.map((cell) => element(name, {}, inlines(cell.tokens, cell.text, depth))),
    );
  const all = [cells("th", header), ...rows.map((row) => cells("td", row))];
  return element("div", { class: "table" }, element("table", {}, all));
}

function inlines(tokens: readonly Token[] | undefined, raw: string, depth: number): Child[] {
  if (!tokens || depth > MAX_DEPTH) return data.pieces(decoded(raw));
  return tokens.map((token) => inline(token, depth + 1));
}

function inline(token: Token, depth: number): Child {
  const { raw } = token;
  if (token.type === "strong") return element("strong", {}, inlines(token.tokens, raw, depth));
  if (token.type === "em") return element("em", {}, inlines(token.tokens, raw, depth));
  if (token.type === "del") return element("s", {}, inlines(token.tokens, raw, depth));
  if (token.type === "codespan") return element("code", {}, data.pieces(textOf(token)));
  if (token.type === "br") return element("br");
  if (token.type === "link" && "href" in token)
    return link(String(token.href), inlines(token.tokens, raw, depth));
  if (token.type === "text" || token.type === "escape")
    return inlines("tokens" in token ? token.tokens : undefined, textOf(token), depth);
  if (token.type === "image") return data.pieces(textOf(token));
  return data.pieces(raw);
}

function link(href: string, content: Child[]): Child {
  const url = URL.parse(decoded(href));
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username !== "") return content;
  return element("a", { href: url.href, rel: "noopener noreferrer nofollow", target: "_blank" }, content);
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
}

function textOf(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}

function isList(token: Token): token is Tokens.List {
  return token.type === "list";
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === "table";
}
