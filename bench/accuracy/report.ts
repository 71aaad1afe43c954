import { type Figure, figure } from '../../simulator/report/figure.ts';
import { table } from '../../simulator/report/table.ts';
import type { Measure, Section } from './measure.ts';

/** A figure with its sample size and interval. */
export interface AccuracyFigure extends Figure, Pick<Measure, 'n' | 'interval'> {
  /** Models measured, for example `own+own`. */
  readonly pair: string;
  readonly section: string;
}

/** All measurements of one pair. */
export interface PairSections {
  readonly pair: string;
  readonly sections: readonly Section[];
}

export function figuresOf(results: readonly PairSections[]): readonly AccuracyFigure[] {
  return results.flatMap(({ pair, sections }) =>
    sections.flatMap(({ title, measures }) =>
      measures.map(({ name, value, unit, n, interval }) => ({
        ...figure(`${pair}: ${title}: ${name}`, value, unit),
        pair,
        section: title,
        n,
        interval: interval && [round(interval[0]), round(interval[1])],
      })),
    ),
  );
}

/** Table of all pairs side by side, section by section. */
export function sideBySide(results: readonly PairSections[]): string {
  const head = ['', 'unit', ...results.flatMap(({ pair }) => [pair, '95 %', 'n'])];
  const titles = new Set(results.flatMap(({ sections }) => sections.map(({ title }) => title)));
  const rows = [...titles].flatMap((title) => {
    const columns = results.map(({ sections }) =>
      sections.filter((section) => section.title === title).flatMap(({ measures }) => measures),
    );
    const names = new Map(columns.flat().map(({ name, unit }) => [name, unit]));
    const body = [...names].map(([name, unit]) => [
      `  ${name}`,
      unit,
      ...columns.flatMap((measures) => cells(measures.find((measure) => measure.name === name))),
    ]);
    return [[title, ...head.slice(1).map(() => '')], ...body];
  });
  return table(head, rows);
}

function cells(measure: Measure | undefined): readonly string[] {
  if (!measure || measure.value === null) return ['-', '', measure ? String(measure.n) : ''];
  const { value, interval, n } = measure;
  return [String(round(value)), interval ? `${round(interval[0])} to ${round(interval[1])}` : '', String(n)];
}

/** Rounded to the precision of such counts: at most two decimals. */
const round = (value: number): number => Math.round(value * 100) / 100;
