const KNOWN_MEDIA_TYPES: readonly string[] = ["helm", "kpm", "docker-compose"];

const PREFIX = "application/vnd.cnr.package-manifest.";
const SUFFIX = ".v0.json";

/** `helm` and its full name are both taken from a client; errors show the full name. */
export function manifestMediaType(name: string): string {
  return name.startsWith("application/") ? name : PREFIX + name + SUFFIX;
}

/** The short name; undefined when the server does not know the media type. */
export function knownMediaType(name: string): string | undefined {
  const full = manifestMediaType(name);
  return KNOWN_MEDIA_TYPES.find((known) => PREFIX + known + SUFFIX === full);
}

export function contentMediaType(shortName: string): string {
  return `application/vnd.cnr.package.${shortName}.v0.tar+gzip`;
}
