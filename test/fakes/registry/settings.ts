/** How registries differ; Quay's ways unless told. */
export interface ImageSettings {
  /** How a caller proves itself: with a token for each scope, with its password, or not at all. */
  readonly authentication: "bearer" | "basic" | "none";
  /** Whether `/v2/` is for all, so that only a request that needs credentials tells of them, as with anonymous reads. */
  readonly greetsAll: boolean;
  /** Code of a 404 for an unknown repository and manifest: the specification's, or one for all, as Harbor's. */
  readonly absentCode?: string;
  /** Docker's registry 2.8 deletes by digest only. */
  readonly deletesByTag: boolean;
  /** Docker's registry wants it for DELETE; Quay does not know it, and refuses a scope that names it. */
  readonly knowsDeleteAccess: boolean;
  /** Most tags of one page; Docker's registry 2.8 has one page for all. */
  readonly pageSize: number;
  /** Whether manifests of the OCI are taken: Quay's FEATURE_GENERAL_OCI_SUPPORT. */
  readonly acceptsOci: boolean;
  /** The form of the addresses that a listing and the begin of an upload give. */
  readonly addresses: "absolute" | "rooted" | "relative";
}

export const QUAY_IMAGES: ImageSettings = {
  authentication: "bearer",
  greetsAll: false,
  deletesByTag: true,
  knowsDeleteAccess: false,
  pageSize: 100,
  acceptsOci: true,
  addresses: "absolute",
};

/** As Docker's registry 2.8 with `auth.token` and deletion switched on. */
export const DOCKER_IMAGES: ImageSettings = {
  ...QUAY_IMAGES,
  deletesByTag: false,
  knowsDeleteAccess: true,
  pageSize: Number.POSITIVE_INFINITY,
};
