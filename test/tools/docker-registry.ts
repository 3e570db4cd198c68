import { join } from "node:path";
import { debianPackages } from "./debian.ts";

/**
 * Gives the program of the registry that the Distribution project makes, as this Debian has it; its first call
 * downloads it.
 *
 * @throws Error with what apt said
 */
export async function dockerRegistryProgram(): Promise<string> {
  return join(await debianPackages("docker-registry", ["docker-registry"]), "usr/bin/docker-registry");
}
