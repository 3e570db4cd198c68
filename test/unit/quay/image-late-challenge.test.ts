import { describe, expect, it } from "vitest";
import { QuayAuthorizationError } from "../../../lib/errors/index.ts";
import { Secret } from "../../../lib/telemetry/index.ts";
import {
  failure,
  IMAGE,
  imageOf,
  images,
  OAUTH,
  ops,
  quay,
  RELEASE,
  REPOSITORY,
  startEavesdropper,
} from "./image-acme.ts";

const stranger = await startEavesdropper();
const list = () => images().listVersions(REPOSITORY);

describe("a registry that asks for credentials only where they are needed", () => {
  const greets = { op: "ping", do: { status: 200, body: "{}" } } as const;
  const refusal = (header: string) => ({ status: 401, body: "", headers: { "www-authenticate": header } });

  it("is read without, and written to with a token after its first refusal", async () => {
    await images().push(RELEASE, IMAGE);
    await images().publish(REPOSITORY, new Secret(OAUTH));
    const next = { ...RELEASE, version: "2.0.0" };
    const before = ops().length;
    quay.faults = [greets];
    const registry = images();

    expect(await registry.digestOf(next)).toBeUndefined();
    await registry.push(next, imageOf("other"));

    expect(ops().slice(before, before + 6)).toEqual([
      "ping",
      "manifest",
      "image-blob",
      "upload-begin",
      "token",
      "upload-begin",
    ]);
    expect(quay.requests[before + 1]?.authorization).toBeUndefined();
    expect(await registry.listVersions(REPOSITORY)).toEqual(["2.0.0", "1.0.0"]);
  });

  it("is asked once more only, also where it refuses that too", async () => {
    quay.faults = [
      greets,
      { op: "tags", times: 1, do: refusal(`Bearer realm="${quay.url}/v2/auth",service="x"`) },
      { op: "tags", do: refusal('Basic realm="Registry"') },
    ];

    expect(await list()).toEqual([]);
    expect(ops()).toEqual(["ping", "tags", "token", "tags"]);
  });

  it("is believed as to where tokens come from no more than at its door", async () => {
    quay.faults = [greets, { op: "manifest", do: refusal(`Bearer realm="${stranger.url.href}token"`) }];

    expect((await failure(images().digestOf(RELEASE))).message).toContain("for its tokens");
    expect(stranger.heard).toEqual([]);
    expect(ops()).toEqual(["ping", "manifest"]);
  });

  it.each([
    ["no challenge", ""],
    ["one that we do not know", "Negotiate abc=="],
    ["one that is malformed", 'Bearer realm="http://127.0.0.1'],
  ])("refuses for good with %s", async (_, header) => {
    quay.faults = [greets, { op: "manifest", do: refusal(header) }];

    expect(await failure(images().digestOf(RELEASE))).toBeInstanceOf(QuayAuthorizationError);
    expect(ops()).toEqual(["ping", "manifest"]);
  });

  it("is not asked again where it asks for what it was given", async () => {
    const scope = 'scope="repository:acme/etcd:pull",error="insufficient_scope"';
    const service = new URL(quay.url).host;
    quay.faults = [
      { op: "manifest", do: refusal(`Bearer realm="${quay.url}/v2/auth",service="${service}",${scope}`) },
    ];

    expect(await failure(images().digestOf(RELEASE))).toBeInstanceOf(QuayAuthorizationError);
    expect(ops()).toEqual(["ping", "token", "manifest"]);
  });

  it("tells of the wrong password then", async () => {
    quay.faults = [greets, { op: "tags", do: refusal('Basic realm="Registry"') }];

    expect(await failure(list())).toBeInstanceOf(QuayAuthorizationError);
    expect(ops()).toEqual(["ping", "tags", "tags"]);
  });
});
