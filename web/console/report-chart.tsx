import { timeOfDay } from '../shared/time-format.ts';
import type { RiskCurve } from './risk-curve.ts';
import { curvePath } from './curve-path.ts';

const BOX = { width: 600, height: 120 };

/** The risk curve as lines that print well: told apart by their strokes, not by colour. */
export function ReportChart({ curve }: { readonly curve: RiskCurve }) {
  const most = Math.max(10, ...curve.total);
  return (
    <figure class="chart">
      <svg
        class="report-chart"
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        role="img"
        aria-label={`Risk over time: total ${curve.total.at(-1) ?? 0} at the end`}
      >
        <path class="total" d={curvePath(curve.at, curve.total, most, BOX)} />
        <path class="reviewed" d={curvePath(curve.at, curve.reviewed, most, BOX)} />
        <path class="rolling" d={curvePath(curve.at, curve.rolling, most, BOX)} />
      </svg>
      <figcaption class="row small muted">
        <span class="key total">Total</span>
        <span class="key reviewed">Without dismissed</span>
        <span class="key rolling">Lately (rolling)</span>
        <span>
          {timeOfDay((curve.at[0] ?? 0) * 1000)} to {timeOfDay((curve.at.at(-1) ?? 0) * 1000)}, up to {Math.round(most)}
        </span>
      </figcaption>
    </figure>
  );
}
