import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("every path that the architecture names exists", () => {
  const text = readFileSync("docs/architecture.md", "utf8");
  const table = text.slice(text.indexOf("## Where is what"));
  const paths = [...table.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");

  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});
