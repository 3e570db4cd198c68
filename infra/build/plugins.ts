import { builtinModules } from "node:module";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { pageScript } from "../../lib/page/script.ts";

const BUILTINS: ReadonlySet<string> = new Set(builtinModules);

/**
 * Gets Node's own modules by a call instead of an ESM import. The import reads every export of the module: of
 * node:http that loads all of fetch, which costs each cold start 35 ms and is never used.
 */
export const builtinsByCall: Plugin = {
  name: "builtins-by-call",
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_0-9/]+$/ }, ({ path, kind, importer }) => {
      const name = path.replace(/^node:/, "");
      const builtin = BUILTINS.has(name) || BUILTINS.has(path);
      if (!builtin || (kind !== "import-statement" && kind !== "require-call")) return undefined;
      // One module for each importer: a shared one becomes a file of 80 bytes, and all of those cost 2 ms.
      return { path: name, namespace: "builtin", suffix: `?${importer}` };
    });
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)});`,
    }));
  },
};

/**
 * Leaves out modules of ours of which nothing is used, which esbuild takes to do something when imported. The
 * door of a folder would else bring all that is behind it: deletions would load the YAML parser, for 7 ms.
 */
export const ownModulesOnlyWhenUsed: Plugin = {
  name: "own-modules-only-when-used",
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      sideEffects: false,
    }));
  },
};

/** Puts the page's script, which is built where functions run from their sources, into the bundle as a text. */
export const builtPageScript: Plugin = {
  name: "built-page-script",
  setup(build) {
    build.onLoad({ filter: /[/\\]lib[/\\]page[/\\]script\.ts$/ }, async () => {
      const text = JSON.stringify(await pageScript());
      return { contents: `export async function pageScript() { return ${text}; }`, loader: "js" };
    });
  },
};
