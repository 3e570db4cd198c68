import { fileURLToPath } from "node:url";

/**
 * Gives the page's script: `web/`, in one text, as browsers of the last years read it. In the bundle of a function this
 * module is replaced by its own outcome, so that nothing is built there.
 */
export async function pageScript(): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../web/main.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  const text = outputFiles.map((file) => file.text).join("");
  // In HTML these two begin what does not end with the script.
  return text.replaceAll(/<(?=!--|script)/gi, "\\x3C");
}
