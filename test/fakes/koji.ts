import type { Fault } from "./faults.ts";
import type { KojiBuildSeed, KojiSeed } from "./koji/seed.ts";
import { type KojiFaultAction, type KojiOp, type KojiRequest, KojiServer } from "./koji/server.ts";
import { kojiVariants } from "./koji/variants.ts";
import { listenOnLoopback } from "./loopback.ts";

export type { ArchiveSeed, KojiBuildSeed, KojiSeed, KojiState, LogSeed } from "./koji/seed.ts";
export type { KojiFaultAction, KojiOp, KojiRequest } from "./koji/server.ts";
export {
  ARCHIVE,
  kojiVariants,
  legacyBuild,
  legacyExtra,
  operatorBuild,
  recordedRequest,
  recordedResponse,
  typedExtra,
} from "./koji/variants.ts";
export type { KojiValue } from "./koji/xml.ts";

/** `match` is held against the path of a file as it was sent, or the XML of a call. */
export type KojiFault = Fault<KojiOp, KojiFaultAction>;

export interface KojiFakeOptions {
  /** The builds of the recording unless told. */
  readonly seed?: KojiSeed;
  /** A free one unless told. */
  readonly port?: number;
  /** Off for long runs. */
  readonly recording?: boolean;
}

/** The hub of Koji 1.35 and the web server with its files, behind one port of the loopback. */
export interface KojiFake {
  readonly url: string;
  readonly port: number;
  /** The hub's address, for `kojihub_url`. */
  readonly hubUrl: string;
  /** The address of the files, for `kojiroot_url`. */
  readonly rootUrl: string;
  /** In the order of their arrival. */
  readonly requests: readonly KojiRequest[];
  /** Setting it starts all counts anew. */
  faults: KojiFault[];
  /** Imports another build. */
  add(build: KojiBuildSeed): void;
  /** Stores a file, by its path below Koji's root. */
  store(path: string, content: Uint8Array): void;
  openSockets(): number;
  /** Back to the first seed or on to another one; forgets requests and faults. */
  reset(seed?: KojiSeed): void;
  /** Drops all connections, hanging ones too. */
  close(): Promise<void>;
}

export async function startKojiFake(options: KojiFakeOptions = {}): Promise<KojiFake> {
  const server = new KojiServer(options.seed ?? kojiVariants(), options.recording ?? true);
  const { url, port, openSockets, close } = await listenOnLoopback(server.http, options.port);
  return {
    url,
    port,
    hubUrl: `${url}/kojihub`,
    rootUrl: `${url}/kojiroot/`,
    requests: server.requests,
    get faults() {
      return server.script.faults;
    },
    set faults(faults) {
      server.script.faults = faults;
    },
    add: (build) => server.world.add(build),
    store: (path, content) => void server.world.files.set(path, content),
    openSockets,
    reset: (seed) => server.reset(seed),
    close,
  };
}
