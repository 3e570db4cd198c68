/** Where an archive is to go. */
export interface ArchiveTarget {
  readonly organization: string;
  /** Absent in v2 of the API: the repository is then the package's `packageName`. */
  readonly repository?: string | undefined;
  /** Absent: the next one is chosen. */
  readonly version?: string | undefined;
  /** True: where the repository has this content already, nothing is pushed, and that is a success. */
  readonly unlessPublished?: boolean | undefined;
}

/** An archive, and where it is to go. */
export interface ArchivePush extends ArchiveTarget {
  /** The zip. */
  readonly archive: Buffer;
  /** Most bytes that it may have unpacked. */
  readonly maxUnpackedBytes: number;
}
