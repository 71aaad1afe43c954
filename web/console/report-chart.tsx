import { number } from '../shared/messages/numbers.ts';
import { useZone } from '../shared/shown-zone.ts';
import { timeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';
import type { RiskCurve } from './risk-curve.ts';
import { curvePath } from './curve-path.ts';

const BOX = { width: 600, height: 120 };

/** The risk curve for print: lines differ by stroke, not by colour. */
export function ReportChart({ curve }: { readonly curve: RiskCurve }) {
  const zone = useZone();
  const most = Math.max(10, ...curve.total, ...curve.reviewed);
  return (
    <figure class="chart">
      <svg
        class="report-chart"
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        role="img"
        aria-label={t.report.riskAtEnd(number(curve.total.at(-1) ?? 0))}
      >
        <path class="total" d={curvePath(curve.at, curve.total, most, BOX)} />
        <path class="reviewed" d={curvePath(curve.at, curve.reviewed, most, BOX)} />
        <path class="rolling" d={curvePath(curve.at, curve.rolling, most, BOX)} />
      </svg>
      <figcaption class="row small muted">
        <span class="key total">{t.session.total}</span>
        <span class="key reviewed">{t.session.excludingDismissed}</span>
        <span class="key rolling">{t.session.recent}</span>
        <span>
          {t.report.chartRange(
            timeOfDay((curve.at[0] ?? 0) * 1000, zone),
            timeOfDay((curve.at.at(-1) ?? 0) * 1000, zone),
            number(Math.round(most)),
          )}
        </span>
      </figcaption>
    </figure>
  );
}
