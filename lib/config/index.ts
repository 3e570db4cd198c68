export { ConfigError, type ConfigEnvironment, loadConfig, parseConfig } from "./load.ts";
export { type Config, type OrganizationConfig, organizationSettings } from "./schema.ts";
