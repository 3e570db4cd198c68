export { AppRegistry } from "./cnr.ts";
export { appRegistryVersion } from "./version.ts";
