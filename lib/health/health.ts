import { bundleRegistries, type Config } from "../config/index.ts";
import { OmpsError } from "../errors/index.ts";
import { Greenwave } from "../greenwave/index.ts";
import type { HttpClient } from "../http/index.ts";
import { KojiHub } from "../koji/index.ts";
import { appRegistryVersion, findImageRegistry } from "../quay/index.ts";
import type { Log } from "../telemetry/index.ts";

/** How long the services have to answer, retries included, in milliseconds: monitors give up after 10 s or sooner. */
export const HEALTH_TIMEOUT_MS = 5000;

/** Whether a service works, and in words for people what is wrong with it. */
export interface ServiceState {
  readonly ok: boolean;
  readonly details: string;
}

/** The state of all that a push needs. */
export interface HealthReport {
  readonly ok: boolean;
  /** HTTP status of the report. */
  readonly status: 200 | 503;
  readonly services: {
    readonly quay: ServiceState;
    readonly koji: ServiceState;
    /** null where none is configured */
    readonly greenwave: ServiceState | null;
  };
}

/** What a health check is made with. */
export interface HealthTools {
  readonly config: Config;
  readonly http: HttpClient;
  readonly log: Log;
}

/**
 * Asks all services at once whether they work.
 *
 * @param timeoutMs how long they have to answer, at most up to the request's deadline
 */
export async function checkHealth(tools: HealthTools, timeoutMs = HEALTH_TIMEOUT_MS): Promise<HealthReport> {
  const { config, log } = tools;
  const http = tools.http.within(timeoutMs);
  const { greenwave: settings } = config;
  const [quay, koji, greenwave] = await Promise.all([
    stateOf("Quay", log, () => checkRegistries(http, config)),
    stateOf("Koji", log, () => new KojiHub(http, config.kojihub_url).apiVersion()),
    settings ? stateOf("Greenwave", log, () => new Greenwave(http, settings).about()) : null,
  ]);
  const ok = quay.ok && koji.ok && greenwave?.ok !== false;
  return { ok, status: ok ? 200 : 503, services: { quay, koji, greenwave } };
}

/**
 * Where all organizations that the configuration names publish bundles, their registries are asked; a Quay of today has no
 * application registry.
 */
async function checkRegistries(http: HttpClient, config: Config): Promise<void> {
  const registries = bundleRegistries(config);
  if (registries === undefined) await appRegistryVersion(http, config.quay_url);
  else await Promise.all(registries.map((registry) => findImageRegistry(http, registry)));
}

async function stateOf(service: string, log: Log, check: () => Promise<unknown>): Promise<ServiceState> {
  try {
    await check();
    return { ok: true, details: "It works!" };
  } catch (error) {
    const known = error instanceof OmpsError;
    const details = known ? error.message : "The check itself failed; the log tells why.";
    log.warn("Service does not work", {
      checked: service,
      reason: details,
      cause: known ? error.cause : error,
    });
    return { ok: false, details };
  }
}
