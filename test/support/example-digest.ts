/**
 * The digest of the example bundle's image, with the media types of OCI. Another digest is another release: a registry
 * then refuses what it has already.
 */
export const EXAMPLE_DIGEST = "sha256:b0691108c72fb5d43b9ebb79a372d8b3bbedcd6598f42366ba825641ee361b66";
