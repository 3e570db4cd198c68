import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { startAws } from "../../infra/local/aws/aws.ts";
import { EXAMPLE, EXAMPLE_CONFIG, EXAMPLE_QUAY } from "../../infra/local/example.ts";
import { operatorBuild, startKojiFake } from "../../test/fakes/koji.ts";
import { type QuayFault, startQuayFake } from "../../test/fakes/quay.ts";
import { buildEvent, deleteEvent, getEvent, pushEvent } from "./events.ts";
import { readInput } from "./inputs.ts";

/** What a function is asked when it is cold. */
export interface ColdRequest {
  readonly what: string;
  /** The bundle, without `.mjs`. */
  readonly name: string;
  readonly event: (version: string) => APIGatewayProxyEventV2;
  /** Of the answer. */
  readonly status: number;
  /** Whether the organization is public, so that its secret is read. */
  readonly public?: boolean;
  readonly faults?: readonly QuayFault[];
}

/** The services around the functions that are asked. */
export interface Surroundings {
  /** Environment variables that lead a function there. */
  environmentOf(request: ColdRequest): Record<string, string>;
  /** Makes the services as they are before a request. */
  reset(request: ColdRequest): void;
  close(): Promise<void>;
}

/** A typical request for each function, the empty one first; `small.zip` is in the folder. */
export function coldRequests(folder: string): ColdRequest[] {
  const zip = readInput(folder, "small");
  const push = { name: "push-zipfile", event: (version: string) => pushEvent(zip, version), status: 200 };
  const alwaysThere: QuayFault = { op: "delete", do: { status: 200, json: { status: "deleted" } } };
  const about = getEvent("/v1/about");
  return [
    { what: "an empty handler, in full", name: "empty", event: () => about, status: 200 },
    { what: "about", name: "about", event: () => about, status: 200 },
    { what: "docs", name: "docs", event: () => getEvent("/docs"), status: 200 },
    { what: "page", name: "page", event: () => getEvent("/"), status: 200 },
    { what: "not-found", name: "not-found", event: () => getEvent("/v1/nothing"), status: 404 },
    { what: "health", name: "health", event: () => getEvent("/v1/health/ping"), status: 200 },
    {
      what: "delete-releases",
      name: "delete-releases",
      event: deleteEvent,
      status: 200,
      faults: [alwaysThere],
    },
    { what: "push-zipfile", ...push },
    { what: "push-zipfile, public organization", ...push, public: true },
    { what: "push-koji", name: "push-koji", event: buildEvent, status: 200 },
  ];
}

/** Starts fakes of Quay, Koji and AWS, and writes configurations into the folder. */
export async function startSurroundings(folder: string): Promise<Surroundings> {
  const quay = await startQuayFake({ seed: EXAMPLE_QUAY, recording: false });
  const builds = [operatorBuild(EXAMPLE.nvr, readInput(folder, "small"))];
  const koji = await startKojiFake({ seed: { builds }, recording: false });
  const oauthToken = JSON.stringify({ oauth_token: EXAMPLE.oauthToken });
  const aws = await startAws({ [`omps/${EXAMPLE.organization}`]: oauthToken });
  const config = join(folder, "private.json");
  const publicConfig = join(folder, "public.json");
  writeFileSync(config, "{}");
  writeFileSync(publicConfig, JSON.stringify(EXAMPLE_CONFIG));
  return {
    environmentOf: (request) => ({
      OMPS_CONFIG: request.public ? publicConfig : config,
      QUAY_URL: quay.url,
      KOJIHUB_URL: koji.hubUrl,
      KOJIROOT_URL: koji.rootUrl,
      AWS_ENDPOINT_URL: aws.settings.endpoint,
    }),
    reset: ({ faults = [] }) => {
      quay.reset();
      quay.faults = [...faults];
    },
    close: async () => void (await Promise.all([quay.close(), koji.close(), aws.close()])),
  };
}
