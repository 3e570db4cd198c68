import { createHash } from "node:crypto";
import { type File, htmlFile } from "../openapi/file.ts";
import { Html, html } from "../openapi/html.ts";
import { pageScript } from "./script.ts";
import { PAGE_STYLE } from "./style.ts";

/** A page to look at a package, and to push it: all that it loads is in it, and it talks to this API only. */
export async function packagePage(version: string): Promise<File> {
  const script = await pageScript();
  return htmlFile(documentOf(version, script), contentSecurityPolicy(script));
}

/** Lets the page have its own script and style, pictures that are in it, and answers of this API. */
function contentSecurityPolicy(script: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(PAGE_STYLE)}'`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No text becomes HTML, whatever the script does.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function documentOf(version: string, script: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OMPS: look at an operator package</title>
<link rel="icon" href="data:,">
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>Look at an operator package</h1>
<p class="quiet">OMPS ${version} · <a href="/docs">the API</a></p>
</header>
<main>
<form id="ask" autocomplete="off">
<div class="fields">
<label>Organization <input id="organization" required spellcheck="false" autocapitalize="none" autocomplete="off" placeholder="acme"></label>
<label>Token, for a build or a push <input id="token" type="password" autocomplete="off" placeholder="basic …" aria-describedby="token-note"></label>
</div>
<div class="drop" id="drop">
<label for="file">Drop a zip of manifests here, or choose it</label>
<input id="file" type="file" accept=".zip,application/zip">
</div>
<div class="fields">
<label>or a Koji build, by its N-V-R <input id="nvr" spellcheck="false" autocapitalize="none" autocomplete="off" placeholder="etcd-operator-container-0.9.4-1"></label>
</div>
<div><button id="look">Look</button></div>
<p class="quiet" id="token-note">Nothing is published by looking. The token stays in this page, and is forgotten with it.</p>
</form>
<div id="verdict" class="verdict" role="status" aria-live="polite"></div>
<div id="result"></div>
<noscript><p>This page needs its script. Everything that it does, the <a href="/docs">API</a> does too.</p></noscript>
</main>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}
