export { AppRegistry } from "./cnr.ts";
