import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import JSZip from "jszip";
import type { QuaySeed } from "../../test/fakes/quay.ts";

/** The organization, caller and package that `npm start` shows around. */
export const EXAMPLE = {
  organization: "example",
  /** An organization that publishes bundle images. */
  bundles: "demo-bundles",
  repository: "tidewater-operator",
  nvr: "tidewater-operator-metadata-container-0.2.0-1",
  /** A build that nobody pushes by hand: a notification tells of it. */
  notified: { name: "tidewater-operator-metadata-container", version: "0.2.0", release: "2" },
  user: "example+pusher",
  password: "example-robot-token",
  oauthToken: "example-oauth-token-of-40-characters-000",
} as const;

/** What the example caller puts into the Authorization header. */
export const EXAMPLE_TOKEN = `basic ${Buffer.from(`${EXAMPLE.user}:${EXAMPLE.password}`).toString("base64")}`;

/** The configuration that is used where none is named. */
export const EXAMPLE_CONFIG = {
  organizations: {
    [EXAMPLE.organization]: { public: true },
    [EXAMPLE.bundles]: { target: "bundle" },
  },
  notifications: { rules: [{ package: "tidewater-*", organization: EXAMPLE.organization }] },
};

/** What the fake of Quay holds at first. */
export const EXAMPLE_QUAY: QuaySeed = {
  users: [{ name: "owner", password: "example-password" }],
  robots: [{ name: EXAMPLE.user, token: EXAMPLE.password }],
  oauthTokens: [
    {
      token: EXAMPLE.oauthToken,
      owner: "owner",
      scopes: ["repo:read", "repo:write", "repo:admin", "repo:create"],
    },
  ],
  organizations: [EXAMPLE.organization, EXAMPLE.bundles].map((name) => ({
    name,
    owners: ["owner", EXAMPLE.user],
  })),
};

/** How the example is laid out. */
export type ExampleLayout = "flat" | "nested" | "bundle";

/** The files of the example package in one of its layouts: relative path with "/" to content. */
export function exampleFiles(layout: ExampleLayout): [string, Buffer][] {
  const folder = fileURLToPath(new URL(`../../examples/${layout}`, import.meta.url));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path).split(sep).join("/"), readFileSync(path)]);
}

/** Zips the example package. */
export async function exampleZip(layout: ExampleLayout): Promise<Buffer> {
  const zip = new JSZip();
  for (const [path, content] of exampleFiles(layout)) zip.file(path, content);
  return zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}

/** What Koji tells of a build that is complete, as a bridge puts it on the bus: the entry of a PutEvents. */
export function exampleNotification(bus: string): object {
  const body = { attribute: "state", old: 0, new: 1, ...EXAMPLE.notified };
  const Detail = JSON.stringify({ topic: "koji.build.complete", headers: {}, body });
  return { EventBusName: bus, Source: "koji", DetailType: "BuildStateChange", Detail };
}
