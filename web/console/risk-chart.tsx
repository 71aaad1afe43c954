import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useZone } from '../shared/shown-zone.ts';
import { timeOfDay } from '../shared/time-format.ts';
import { hoursAndMinutes } from '../shared/time-format.ts';
import { t } from './messages.ts';
import type { RiskCurve } from './risk-curve.ts';

const HEIGHT = 200;

interface RiskChartProps {
  readonly curve: RiskCurve;
  /** Text alternative. */
  readonly summary: string;
}

/** Total and rolling risk over the course of the exam. */
export function RiskChart({ curve, summary }: RiskChartProps) {
  const zone = useZone();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const data: uPlot.AlignedData = [
    curve.at as number[],
    curve.total as number[],
    curve.reviewed as number[],
    curve.rolling as number[],
  ];
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element, zone), latest.current, element);
    };
    make();
    const sized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    sized.observe(element);
    // The canvas has no CSS colours: a change of the colour scheme needs a new chart.
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', make);
    return () => {
      sized.disconnect();
      dark.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [zone]);
  useEffect(() => plot.current?.setData(latest.current), [curve]);
  return (
    <figure class="chart">
      <div ref={place} role="img" aria-label={summary} />
      <figcaption class="row small muted">
        <span class="key total">{t.session.total}</span>
        <span class="key reviewed">{t.session.excludingDismissed}</span>
        <span class="key rolling">{t.session.recent}</span>
      </figcaption>
    </figure>
  );
}

function options(element: HTMLElement, zone: string): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(10, max * 1.1)] } },
    axes: [
      {
        ...axis,
        values: (_plot, ticks) => ticks.map((seconds) => clock(zone, seconds, (ticks.at(-1) ?? 0) - (ticks[0] ?? 0))),
        space: 80,
      },
      { ...axis, size: 40 },
    ],
    series: [
      {},
      { stroke: colour('--high'), width: 2, points: { show: false } },
      { stroke: colour('--low'), width: 2, dash: [6, 4], points: { show: false } },
      { stroke: colour('--accent'), width: 2, dash: [2, 3], points: { show: false } },
    ],
  };
}

/** With seconds where the whole scale spans less than ten minutes. @param span seconds */
const clock = (zone: string, seconds: number, span: number): string =>
  span < 600 ? timeOfDay(seconds * 1000, zone) : hoursAndMinutes(seconds * 1000, zone);
