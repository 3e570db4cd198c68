/** The whole style of the page. */
export const STYLE = `
:root { color-scheme: light dark; --line: #d0d4da; --soft: #f3f5f7; --text: #1c2024; --link: #0b57c2; --quiet: #596069; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a4048; --soft: #20252b; --text: #e6e8ea; --link: #86b7ff; --quiet: #a3abb5; }
  body { background: #15181c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--link); }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin-top: 2rem; }
h4 { margin: 1.25rem 0 .25rem; }
code, pre { font: .875em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .75rem; background: var(--soft); border-radius: .375rem; overflow-x: auto; white-space: pre-wrap; }
.path { display: block; margin: .5rem 0 0; font-weight: 600; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; }
nav ul { padding-left: 1.25rem; }
.quiet { color: var(--quiet); }
`;
