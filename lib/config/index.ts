export { readCaBundle } from "./ca-bundle.ts";
export { type ConfigEnvironment, ConfigError, loadConfig, parseConfig } from "./load.ts";
export { type Config, type OrganizationConfig, organizationSettings } from "./schema.ts";
