import { Greenwave } from "../greenwave/index.ts";
import { KojiFiles, KojiHub } from "../koji/index.ts";
import type { BuildPublisher, Publisher } from "../publish/index.ts";
import type { ApiRequest } from "./request.ts";

/** The tools for the push of a build, acting with the token of `publisher`. */
export function buildPublisher(
  { app, http, deadline }: Pick<ApiRequest, "app" | "http" | "deadline">,
  publisher: Publisher,
): BuildPublisher {
  const greenwave = app.config.greenwave && new Greenwave(http, app.config.greenwave);
  return {
    ...publisher,
    hub: new KojiHub(http, app.config.kojihub_url),
    files: new KojiFiles(http),
    staging: app.staging,
    signal: deadline.signal,
    gate: greenwave && (async (nvr) => void (await greenwave.decision(nvr))),
  };
}
