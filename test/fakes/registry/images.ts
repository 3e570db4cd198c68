import { createHash } from "node:crypto";

export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What an image repository holds. */
export class Images {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, StoredManifest>();
  /** Digests by tag. */
  readonly tags = new Map<string, string>();
  /** Tags that were deleted: Quay tells so for a while. */
  readonly expired = new Set<string>();
  readonly #uploads = new Set<string>();
  #begun = 0;

  beginUpload(): string {
    this.#begun++;
    const id = `upload-${this.#begun}`;
    this.#uploads.add(id);
    return id;
  }

  /** False where no such upload was begun. */
  endUpload(id: string): boolean {
    return this.#uploads.delete(id);
  }

  tagged(tag: string): StoredManifest | undefined {
    return this.manifests.get(this.tags.get(tag) ?? "");
  }

  untag(tag: string): boolean {
    if (this.tags.has(tag)) this.expired.add(tag);
    return this.tags.delete(tag);
  }
}
