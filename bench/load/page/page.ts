import type { LoadReport } from '../report.ts';
import { escape } from './escape.ts';
import { plotFigure } from './plot.ts';
import { plotsOf } from './plots.ts';
import { seriesTables } from './series.ts';
import { STYLE } from './style.ts';
import { checkTable, countTables, figureSheet, serverTable, settingsTables } from './tables.ts';

/** The report as one self-contained page without scripts. */
export function pageOf(report: LoadReport): string {
  const { url, at, verdict, endedEarly, leftBehind } = report;
  const title = `Load test of ${url}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p class="about"><time datetime="${escape(at)}">${escape(at.slice(0, 16).replace('T', ' '))} UTC</time>${endedEarly ? ', ended early by hand' : ''}</p>
<div class="verdict ${verdict.ok ? 'carries' : 'not'}"><strong>${verdict.ok ? '✓ Passed' : '✗ Failed'}</strong><p>${escape(verdict.sentence)}</p></div>
<h2>Requirements</h2>
${checkTable(report)}
<h2>Over time</h2>
<div class="plots">
${plotsOf(report)
  .map((plot, index) => plotFigure(plot, `plot-${index + 1}`))
  .join('\n')}
</div>
<h2>Figures</h2>
<div class="tables">
${figureSheet(report)}
${countTables(report)}
${serverTable(report)}
</div>
<h2>Figures over time</h2>
${seriesTables(report)}
<h2>Settings and machines</h2>
<div class="tables">
${settingsTables(report)}
</div>
<h2>Remaining on the server</h2>
<ul class="plain">${leftBehind.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>
</main>
</body>
</html>
`;
}
