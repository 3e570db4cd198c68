export { packagePage } from "./page.ts";
