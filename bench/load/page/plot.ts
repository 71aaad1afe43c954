import { escape, number } from './escape.ts';
import { ticksTo } from './ticks.ts';

/** In drawing units; a plot as wide as a small window has about one per pixel. */
const WIDTH = 620;
const HEIGHT = 262;
const LEFT = 58;
const RIGHT = 14;
const TOP = 44;
/** Rows of the marks' names; names closer than this use different rows. */
const MARK_ROWS = [TOP - 12, TOP - 28] as const;
const MARK_WIDTH = 160;
const BOTTOM = 42;

export interface Line {
  readonly name: string;
  /** Line style of the page: colour and dashes. */
  readonly style: 1 | 2 | 3 | 4;
  /** Seconds, and a value or null; in order of time. */
  readonly points: readonly (readonly [number, number | null])[];
}

export interface Plot {
  readonly title: string;
  /** Unit of the values. */
  readonly unit: string;
  readonly lines: readonly Line[];
  /** Marks shown in every plot. */
  readonly marks: readonly { readonly t: number; readonly name: string }[];
  /** The values are counts. */
  readonly whole?: boolean;
  /** Upper limit, drawn when the values come near it. */
  readonly most?: { readonly value: number; readonly name: string } | undefined;
}

/**
 * Self-contained figure without scripts; colours come from the page. @param id unique on the page, for the drawing's
 * title
 */
export function plotFigure(plot: Plot, id: string): string {
  const values = plot.lines.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  const legend = plot.lines
    .map(
      ({ name, style }) =>
        `<li><svg viewBox="0 0 30 10" width="30" height="10" aria-hidden="true"><path class="line s${style}" d="M1 5H29"/></svg>${escape(name)}</li>`,
    )
    .join('');
  return `<figure>
<figcaption><h3>${escape(plot.title)}</h3><ul class="legend">${legend}</ul></figcaption>
${values.length === 0 ? '<p class="none">No measurements.</p>' : drawing(plot, values, id)}
</figure>`;
}

function drawing(
  { title, unit, lines, marks, whole = false, most }: Plot,
  values: readonly number[],
  id: string,
): string {
  const highest = Math.max(...values);
  const shown = most && highest > most.value / 3 ? most : undefined;
  const ys = ticksTo(Math.max(highest, shown?.value ?? 0), 4, whole);
  const xs = ticksTo(Math.max(...lines.flatMap(({ points }) => points.map(([t]) => t))), 6);
  const top = ys.at(-1)!;
  const end = xs.at(-1)!;
  const x = (t: number): number => round(LEFT + (t / end) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => round(HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM));
  const floor = HEIGHT - BOTTOM;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-said">
<title id="${id}-title">${escape(title)}, ${escape(unit)} over time</title>
<desc id="${id}-said">${escape(inWords(lines, unit))}</desc>
${ys.map((tick) => `<path class="grid" d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}"/><text class="tick" x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${number(tick)}</text>`).join('\n')}
${xs.map((tick) => `<path class="axis" d="M${x(tick)} ${floor}v5"/><text class="tick" x="${x(tick)}" y="${floor + 19}" text-anchor="middle">${number(tick)}</text>`).join('\n')}
<path class="axis" d="M${LEFT} ${floor}H${WIDTH - RIGHT}"/>
<text class="unit" x="${LEFT - 50}" y="14">${escape(unit)}</text>
<text class="unit" x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end">seconds since the start</text>
${shown ? `<path class="most" d="M${LEFT} ${y(shown.value)}H${WIDTH - RIGHT}"/>` : ''}
${lines.map((line) => linePath(line, x, y)).join('\n')}
${marksOf(marks, x, floor)}
${shown ? `<text class="note" x="${LEFT + 6}" y="${y(shown.value) + 15}">${escape(shown.name)}</text>` : ''}
</svg>`;
}

/** A gap without a value; a dot for a single point. */
function linePath({ points, style }: Line, x: (t: number) => number, y: (value: number) => number): string {
  const runs: string[][] = [[]];
  for (const [t, value] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)!.push(`${x(t)} ${y(value)}`);
  }
  const drawn = runs.filter((run) => run.length > 0);
  const d = drawn
    .filter((run) => run.length > 1)
    .map((run) => `M${run.join('L')}`)
    .join('');
  const dots = drawn.filter((run) => run.length === 1).map(([at]) => at!.split(' '));
  return `${d ? `<path class="line s${style}" d="${d}"/>` : ''}${dots.map(([cx, cy]) => `<circle class="dot s${style}" cx="${cx}" cy="${cy}" r="3"/>`).join('')}`;
}

/** Names are above the drawing, on the side with room, and in two rows if they would overlap. */
function marksOf(marks: Plot['marks'], x: (t: number) => number, floor: number): string {
  return marks
    .map(({ t, name }, index) => {
      const at = x(t);
      const before = marks[index - 1];
      const row = before && at - x(before.t) < MARK_WIDTH ? MARK_ROWS[1] : MARK_ROWS[0];
      const isRight = at > WIDTH / 2;
      return `<path class="mark" d="M${at} ${row - 10}V${floor}"/><text class="note" x="${at + (isRight ? -5 : 5)}" y="${row}" text-anchor="${isRight ? 'end' : 'start'}">${escape(name)}</text>`;
    })
    .join('\n');
}

function inWords(lines: readonly Line[], unit: string): string {
  return lines
    .map(({ name, points }) => {
      const values = points.flatMap(([, value]) => value ?? []);
      return values.length === 0
        ? `${name}: nothing`
        : `${name}: from ${number(Math.min(...values))} to ${number(Math.max(...values))} ${unit}, at the end ${number(values.at(-1))}`;
    })
    .join('; ');
}

const round = (value: number): number => Math.round(value * 10) / 10;
