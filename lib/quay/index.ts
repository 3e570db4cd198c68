export { AppRegistry } from "./cnr.ts";
export { ImageRegistry, type ImageRegistryOptions } from "./image/registry.ts";
export { appRegistryVersion, findImageRegistry } from "./version.ts";
