import { readdirSync, readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import JSZip from "jszip";
import type { QuaySeed } from "../../test/fakes/quay.ts";

/** The organization, caller and package that `npm start` shows around. */
export const EXAMPLE = {
  organization: "example",
  repository: "tidewater-operator",
  user: "example+pusher",
  password: "example-robot-token",
  oauthToken: "example-oauth-token-of-40-characters-000",
} as const;

/** What the example caller puts into the Authorization header. */
export const EXAMPLE_TOKEN = `basic ${Buffer.from(`${EXAMPLE.user}:${EXAMPLE.password}`).toString("base64")}`;

/** The configuration that is used where none is named. */
export const EXAMPLE_CONFIG = { organizations: { [EXAMPLE.organization]: { public: true } } };

/** What the fake of Quay holds at first. */
export const EXAMPLE_QUAY: QuaySeed = {
  users: [{ name: "owner", password: "example-password" }],
  robots: [{ name: EXAMPLE.user, token: EXAMPLE.password }],
  oauthTokens: [
    { token: EXAMPLE.oauthToken, owner: "owner", scopes: ["repo:read", "repo:write", "repo:admin", "repo:create"] },
  ],
  organizations: [{ name: EXAMPLE.organization, owners: ["owner", EXAMPLE.user] }],
};

/** Zips the example package in one of its two layouts. */
export async function exampleZip(layout: "flat" | "nested"): Promise<Buffer> {
  const folder = fileURLToPath(new URL(`../../examples/${layout}`, import.meta.url));
  const zip = new JSZip();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = `${entry.parentPath}${sep}${entry.name}`;
    zip.file(relative(folder, path).split(sep).join("/"), readFileSync(path));
  }
  return zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}
