import { STYLE } from "../openapi/style.ts";

/** The style of the page: that of the API's description, and what it has more. */
export const PAGE_STYLE = `${STYLE}
:root { --good: #11703a; --bad: #b3261e; --warn: #8a5a00; --accent: #0b57c2; --on-accent: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --good: #6fd394; --bad: #ff9a8f; --warn: #f2c265; --accent: #86b7ff; --on-accent: #10141a; }
}
[hidden] { display: none !important; }
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1rem; }
h1 { margin: .5rem 0; }
h2 { margin-top: 2rem; font-size: 1.2rem; }
h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
li, dd, p, bdi, td { overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
.fields { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
label { display: block; font-weight: 600; font-size: .9375rem; }
input:not([type=file]) { display: block; width: 100%; margin-top: .25rem; padding: .5rem .625rem; font: inherit; font-weight: 400; color: inherit; background: transparent; border: 1px solid var(--quiet); border-radius: .375rem; }
button { padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .375rem; cursor: pointer; }
button:disabled { opacity: .55; cursor: default; }
.drop { padding: 1.5rem 1rem; text-align: center; background: var(--soft); border: 2px dashed var(--line); border-radius: .625rem; transition: border-color .15s; }
.drop.over { border-color: var(--link); }
.drop input { max-width: 100%; margin-top: .5rem; font: inherit; font-size: .9375rem; }
.verdict:not(:empty) { margin-top: 1.5rem; }
.verdict h2 { margin: 0; border: 0; font-size: 1.4rem; }
.verdict > div { padding: .75rem 1rem; background: var(--soft); border-left: .375rem solid var(--line); border-radius: .375rem; }
.verdict > .good { border-color: var(--good); } .good h2 { color: var(--good); }
.verdict > .bad { border-color: var(--bad); } .bad h2 { color: var(--bad); }
.verdict p { overflow-wrap: anywhere; margin: .25rem 0 0; white-space: pre-line; }
.findings { padding: 0; list-style: none; }
.findings li { margin: .5rem 0; padding: .5rem .75rem; background: var(--soft); border-left: .25rem solid var(--warn); border-radius: .25rem; }
.findings.errors li { border-color: var(--bad); }
.findings p { margin: 0; }
.card { margin-top: 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: .625rem; }
.card .top { display: flex; gap: 1rem; align-items: center; }
.card .top h3, .card .top p { margin: 0; }
.card .top h3 { font-size: 1.2rem; }
.icon { flex: none; width: 4rem; height: 4rem; object-fit: contain; padding: .25rem; background: #fff; border: 1px solid var(--line); border-radius: .5rem; }
.description { max-height: 24rem; overflow: auto; padding-right: .5rem; }
.description h4 { margin: 1rem 0 .25rem; font-size: 1rem; }
.tags { display: flex; flex-wrap: wrap; gap: .375rem; margin: .75rem 0; padding: 0; list-style: none; }
.tags li { padding: .0625rem .625rem; font-size: .875rem; background: var(--soft); border-radius: 1rem; }
.channels { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
.chain { margin: .25rem 0; padding: 0; list-style: none; }
.chain li { position: relative; padding: 0 0 .75rem 1.5rem; }
.chain li::before { content: ""; position: absolute; left: .25rem; top: .45rem; width: .625rem; height: .625rem; border-radius: 50%; background: var(--accent); }
.chain li:not(:last-child)::after { content: ""; position: absolute; left: .5rem; top: 1.2rem; bottom: -.3rem; width: 2px; background: var(--line); }
.chain li.absent::before { background: transparent; border: 2px solid var(--quiet); }
.tree, .tree ul { margin: 0; padding-left: 1.25rem; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { color: var(--quiet); } dd { margin: 0; min-width: 0; }
.mark { padding: 0 .2em; font: .75em ui-monospace, monospace; color: var(--bad); border: 1px solid; border-radius: .25em; unicode-bidi: isolate; direction: ltr; }
.push { margin-top: 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: .625rem; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { transition: none !important; animation: none !important; scroll-behavior: auto !important; } }
`;
