import type * as z from "zod/mini";
import { type HttpClient, NetworkError } from "../http/index.ts";
import {
  buildFailure,
  buildNotComplete,
  buildNotFound,
  isUnsupportedArchiveType,
  kojiFailure,
  malformedNvr,
  notAnOperatorImage,
} from "./failure.ts";
import { nameOfNvr, STATES } from "./nvr.ts";
import { apiVersionSchema, archivesSchema, buildAnswerSchema, logsSchema, tagsSchema } from "./schema.ts";
import { callRpc, type RpcParameter } from "./xml-rpc.ts";

/** The type under which build systems store operator manifests. */
const OPERATOR_MANIFESTS = "operator-manifests";

/** A complete build. */
export interface KojiBuild {
  readonly id: number;
  /** Without an epoch, also where one was asked for. */
  readonly nvr: string;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** Where its files are; undefined on the default volume. */
  readonly volume?: string;
  /** What its build system stored with it: whatever that likes, null for an RPM. */
  readonly extra: unknown;
}

/** A log of a build; `path` is relative to Koji's root, as the hub says. */
export interface KojiLog {
  readonly name: string;
  readonly path: string;
}

/** What the hub knows about a stored archive. */
export type KojiArchiveRow = z.output<typeof archivesSchema>[number];

/** Koji's hub, as of Koji 1.35. It is only read, without logging in. */
export class KojiHub {
  readonly #http: HttpClient;
  readonly #url: URL;

  /** @param hubUrl the final address: no redirect is followed */
  constructor(http: HttpClient, hubUrl: string) {
    this.#http = http.to("koji");
    this.#url = new URL(hubUrl);
  }

  /** The version of the hub's API, which tells that it works. Throws KojiError. */
  apiVersion(): Promise<number> {
    return this.#ask("getAPIVersion", [], apiVersionSchema).catch((cause: unknown) => {
      throw kojiFailure("get the version of its API", cause);
    });
  }

  /**
   * A build by its NVR.
   *
   * @throws KojiBuildNotFoundError when there is none, the text is no NVR, or the build is not complete:
   *   nothing of it can be pushed then, whatever its state
   * @throws KojiNotAnOperatorImageError when the hub does not say what the build carries
   * @throws KojiError when Koji cannot be asked
   */
  async build(nvr: string): Promise<KojiBuild> {
    if (nameOfNvr(nvr) === undefined) throw malformedNvr(nvr);
    const answer = await this.#ask("getBuild", [nvr], buildAnswerSchema).catch((cause: unknown) => {
      throw buildFailure(nvr, cause);
    });
    if (answer === null) throw buildNotFound(nvr);
    if (answer === undefined) throw notAnOperatorImage(nvr);
    const { state, volume_name: volume, ...build } = answer;
    if (STATES[state] !== "COMPLETE") throw buildNotComplete(nvr, STATES[state] ?? `state ${state}`);
    return { ...build, ...(volume && volume !== "DEFAULT" && { volume }) };
  }

  /** The logs of a build, among which old build systems put the manifests. Throws KojiError. */
  async logs(build: KojiBuild): Promise<readonly KojiLog[]> {
    const logs = await this.#ask("getBuildLogs", [build.id], logsSchema).catch((cause: unknown) => {
      throw kojiFailure(`list the logs of ${build.nvr}`, cause);
    });
    return logs ?? [];
  }

  /** The names of the tags that a build has now. Throws KojiError. */
  async tags(build: KojiBuild): Promise<readonly string[]> {
    const tags = await this.#ask("listTags", [build.id], tagsSchema).catch((cause: unknown) => {
      throw kojiFailure(`list the tags of ${build.nvr}`, cause);
    });
    return tags.map(({ name }) => name);
  }

  /** The archives of a build that are stored as operator manifests. Throws KojiError. */
  operatorArchives(build: KojiBuild): Promise<readonly KojiArchiveRow[]> {
    // Koji takes a last struct with this member for Python's keyword arguments.
    const keywords = { __starstar: true, buildID: build.id, type: OPERATOR_MANIFESTS };
    return this.#ask("listArchives", [keywords], archivesSchema).catch((cause: unknown) => {
      if (isUnsupportedArchiveType(cause)) return [];
      throw kojiFailure(`list the archives of ${build.nvr}`, cause);
    });
  }

  async #ask<T extends z.ZodMiniType>(
    method: string,
    params: readonly RpcParameter[],
    schema: T,
  ): Promise<z.output<T>> {
    const parsed = schema.safeParse(await callRpc(this.#http, this.#url, method, params));
    if (parsed.success) return parsed.data;
    throw new NetworkError(`${method}: the answer does not have the form of a Koji answer`);
  }
}
