import type { FunctionName, Route } from "../api/index.ts";
import type { Description } from "./model.ts";
import * as others from "./others.ts";
import * as pushes from "./pushes.ts";

/** What there is to say of each function's routes. */
export const DESCRIPTIONS: Readonly<Record<FunctionName, (route: Route) => Description>> = {
  "push-zipfile": () => pushes.PUSH_ZIPFILE,
  "push-koji": () => pushes.PUSH_KOJI,
  validate: () => pushes.VALIDATE,
  "validate-koji": () => pushes.VALIDATE_KOJI,
  uploads: () => pushes.UPLOADS,
  operations: () => pushes.OPERATIONS,
  "delete-releases": () => others.DELETE_RELEASES,
  releases: () => others.RELEASES,
  health: () => others.HEALTH,
  about: () => others.ABOUT,
  docs: ({ path }) => (path === "/docs" ? others.PAGE : others.DOCUMENT),
  page: () => others.PACKAGE_PAGE,
};
