import type { Archives, Records } from "../staging/index.ts";
import { type Operation, type OperationPush, readOperation, type StoredOperation } from "./operation.ts";

/** What operations are kept with, for one request or message. */
export interface OperationTools {
  readonly records: Records;
  readonly archives: Archives;
  readonly now: () => number;
}

/** What is asked for. */
export interface NewOperation {
  readonly id: string;
  /** The fingerprint of the token. */
  readonly caller: string;
  /** The token itself, encrypted for this ID. */
  readonly token: string;
  readonly push: OperationPush;
  /** The archive, where it is not in the bucket yet; `push` has the key that it gets. */
  readonly content?: Buffer | undefined;
}

/**
 * Pushes that nobody waits for, in the bucket: `operations/<id>/state` and, where the archive came with the request,
 * `operations/<id>/archive`. Tokens are in there encrypted only, and go with the end. All methods throw BucketError
 * where S3 does not work.
 */
export class Operations {
  readonly #tools: OperationTools;

  constructor(tools: OperationTools) {
    this.#tools = tools;
  }

  /**
   * Keeps a new operation, in place of the one with a tag where one is given.
   *
   * @returns undefined where there is one with this ID, or somebody else was faster
   */
  async create(
    { id, caller, token, push, content }: NewOperation,
    replaces?: string,
  ): Promise<StoredOperation | undefined> {
    const { archives, now } = this.#tools;
    if (content && push.archive) await archives.write(push.archive.key, content);
    const begun = { caller, token, push, status: "queued", tries: 0, created: now() } as const;
    return this.save(id, begun, replaces);
  }

  /** Gives undefined where there is none. */
  async find(id: string): Promise<StoredOperation | undefined> {
    const found = await this.#tools.records.read(stateOf(id));
    const operation = found && readOperation(found.content);
    return operation && { operation, tag: found.tag, age: found.age };
  }

  /**
   * Writes an operation, in place of the one with a tag where one is given.
   *
   * @returns undefined where somebody else was faster
   */
  async save(id: string, operation: Operation, replaces?: string): Promise<StoredOperation | undefined> {
    const tag = await this.#tools.records.write(stateOf(id), JSON.stringify(operation), replaces);
    return tag === undefined ? undefined : { operation, tag, age: 0 };
  }

  /** Ends an operation: nothing of its token stays. Gives undefined where somebody else was faster. */
  async end(
    id: string,
    { operation, tag }: StoredOperation,
    status: "succeeded" | "failed",
    answer: Readonly<Record<string, unknown>>,
  ): Promise<StoredOperation | undefined> {
    const { token: _token, step: _step, last: _last, ...kept } = operation;
    const ended = { ...kept, status, ended: this.#tools.now(), answer: { ...answer } };
    return this.save(id, ended, tag);
  }

  /** Removes the archive that came with the operation. What was uploaded before is its caller's. */
  async removeArchive(id: string, { push }: Operation): Promise<void> {
    const own = archiveOf(id);
    if (push.archive?.key === own) await this.#tools.archives.remove(own);
  }

  /** The archive that is pushed; undefined where there is none any more. */
  async archive({ push }: Operation, maxBytes: number): Promise<Buffer | undefined> {
    return push.archive && this.#tools.archives.read(push.archive.key, maxBytes);
  }
}

function stateOf(id: string): string {
  return `operations/${id}/state`;
}

/** The key of an archive that came with the request itself. */
export function archiveOf(id: string): string {
  return `operations/${id}/archive`;
}
