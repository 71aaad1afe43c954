/**
 * Light and dark by the reader's system preference; always light in print. Contrast of text is at least 4.5, of lines
 * at least 3.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: #f4f6f9; --surface: #fff; --text: #16202e; --muted: #566275; --line: #d5dbe5; --mark: #6b7688;
  --s1: #2456cc; --s2: #b4470b; --s3: #17683f; --s4: #6b7688;
  --good: #17683f; --good-bg: #e2f3e9; --bad: #a81e14; --bad-bg: #fde6e3;
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --bg: #10151d; --surface: #1a212c; --text: #e6ebf3; --muted: #9aa7ba; --line: #313c4c; --mark: #8592a6;
    --s1: #8fb1ff; --s2: #f3a66a; --s3: #7fd6a6; --s4: #8592a6;
    --good: #7fd6a6; --good-bg: #14352a; --bad: #ff9f95; --bad-bg: #481d1a;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); overflow-wrap: anywhere; }
main { max-width: 1280px; margin: 0 auto; padding: clamp(14px, 3vw, 32px); }
h1, h2, h3 { line-height: 1.25; margin: 0; text-wrap: balance; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; }
p { margin: .4rem 0 0; }
.about, .none, caption { color: var(--muted); }
.verdict { margin-top: 1rem; padding: 1rem 1.2rem; border-radius: 10px; border-left: 6px solid; font-size: 1.1rem; }
.verdict strong { display: block; }
.verdict p { color: var(--text); }
.carries { color: var(--good); background: var(--good-bg); }
.not { color: var(--bad); background: var(--bad-bg); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr)); gap: 16px; }
figure, .sheet { margin: 0; padding: 14px 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; break-inside: avoid; }
figure > svg { display: block; width: 100%; height: auto; }
figcaption { min-height: 3.4rem; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 0; padding: 0; list-style: none; font-size: .875rem; color: var(--muted); }
.legend svg { margin-right: 6px; vertical-align: 2px; }
svg text { font-size: 13px; font-family: inherit; fill: var(--muted); }
svg .note { fill: var(--text); stroke: var(--surface); stroke-width: 4px; paint-order: stroke; }
.grid { stroke: var(--line); fill: none; }
.axis { stroke: var(--mark); fill: none; }
.mark { stroke: var(--mark); stroke-dasharray: 2 4; fill: none; }
.most { stroke: var(--bad); stroke-dasharray: 8 4; fill: none; }
.line { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
.s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); stroke-dasharray: 7 5; } .s3 { stroke: var(--s3); stroke-dasharray: 2 5; } .s4 { stroke: var(--s4); stroke-width: 1.6; }
.dot { stroke: none; }
.dot.s1 { fill: var(--s1); } .dot.s2 { fill: var(--s2); } .dot.s3 { fill: var(--s3); } .dot.s4 { fill: var(--s4); }
.tables { columns: 480px; column-gap: 16px; }
.tables > .sheet { margin-bottom: 16px; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 3px solid var(--s1); outline-offset: 2px; }
table { width: 100%; overflow-wrap: break-word; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { padding-bottom: 6px; text-align: left; }
th, td { padding: 4px 10px 4px 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
thead th { border-top: 0; color: var(--muted); vertical-align: bottom; }
td.n, th.n { text-align: right; }
.series { font-size: .8125rem; }
.series th, .series td { padding: 3px 8px 3px 6px; white-space: nowrap; overflow-wrap: normal; }
.series th:first-child { padding-left: 0; text-align: right; }
.series th[colspan] { text-align: center; }
.series .begins { border-left: 1px solid var(--line); }
.wide + .wide { margin-top: 16px; }
.ok { color: var(--good); } .failed { color: var(--bad); font-weight: 650; }
ul.plain { margin: 0; padding-left: 1.2rem; }
@media print {
  :root { --bg: #fff; font-size: 12px; }
  body { background: #fff; }
  main { max-width: none; padding: 0; }
  .wide { overflow: visible; break-inside: auto; }
  .series { font-size: 7.5px; }
  .series th, .series td { padding: 1px 0 1px 5px; }
  figure, .sheet { border-color: #bbb; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`;
