export { readCaBundle } from "./ca-bundle.ts";
export { type ConfigEnvironment, ConfigError, loadConfig, parseConfig } from "./load.ts";
export type { OrganizationConfig } from "./organization.ts";
export { bundleRegistries, bundleRegistry, type Config, organizationSettings } from "./schema.ts";
