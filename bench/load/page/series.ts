import type { Point } from '../../../simulator/timeline.ts';
import type { LoadReport } from '../report.ts';
import type { ServerSpan } from '../server-figures.ts';
import { escape, number } from './escape.ts';

type Column = readonly [head: string, read: (point: Point<ServerSpan>) => number | null | undefined];

/** Columns of one group, with its heading. */
interface Group {
  readonly of: string;
  readonly columns: readonly Column[];
}

const STUDENTS: readonly Group[] = [
  { of: 'students', columns: [['connected', ({ live }) => live]] },
  {
    of: 'frames/s',
    columns: [
      ['due', ({ due }) => due],
      ['sent', ({ sent }) => sent],
      ['analysed', ({ analysed }) => analysed],
    ],
  },
  { of: 'asked of one', columns: [['frames/s', ({ statedFps }) => statedFps]] },
  {
    of: 'to the analysis, ms',
    columns: [
      ['half', ({ analysis }) => analysis.p50],
      ['95 %', ({ analysis }) => analysis.p95],
      ['99 %', ({ analysis }) => analysis.p99],
    ],
  },
  { of: 'signals', columns: [['acks/s', ({ acked }) => acked]] },
  {
    of: 'to the ack, ms',
    columns: [
      ['half', ({ ack }) => ack.p50],
      ['95 %', ({ ack }) => ack.p95],
      ['99 %', ({ ack }) => ack.p99],
    ],
  },
  {
    of: 'went wrong',
    columns: [
      ['errors', ({ errors }) => errors],
      ['lost', ({ drops }) => drops],
      ['refused', ({ refusals }) => refusals],
    ],
  },
];

const SERVER: readonly Group[] = [
  {
    of: 'busy',
    columns: [
      ['cores', ({ server }) => server?.cores],
      ['threads', ({ server }) => server?.busyThreads],
    ],
  },
  { of: 'memory', columns: [['MiB', ({ server }) => server?.memoryMiB]] },
  {
    of: 'frames/s',
    columns: [
      ['analysed', ({ server }) => server?.analysed],
      ['dropped', ({ server }) => server?.dropped],
      ['of that replaced', ({ server }) => server?.replaced],
    ],
  },
  {
    of: 'mean, ms',
    columns: [
      ['a frame waits', ({ server }) => server?.queueMs],
      ['a commit', ({ server }) => server?.commitMs],
    ],
  },
  {
    of: 'journal',
    columns: [
      ['waiting', ({ server }) => server?.waiting],
      ['pressure', ({ server }) => server?.pressure],
    ],
  },
  { of: 'share of the rates', columns: [['x', ({ server }) => server?.rateScale]] },
];

const DIGITS = 3;

/** The figures of the plots, step by step. On a small window each table scrolls by itself, also by keyboard. */
export function seriesTables({ points, step }: Pick<LoadReport, 'points' | 'step'>): string {
  const hasServer = points.some(({ server }) => server !== undefined);
  return [
    table(`Seen by the students, in steps of ${step} s, by their end`, STUDENTS, points),
    hasServer ? table('Reported by the server', SERVER, points) : '',
  ].join('\n');
}

function table(caption: string, groups: readonly Group[], points: readonly Point<ServerSpan>[]): string {
  const begins = (index: number): string => (index === 0 ? ' begins' : '');
  const over = groups
    .map(({ of, columns }) => `<th scope="colgroup" class="begins" colspan="${columns.length}">${escape(of)}</th>`)
    .join('');
  const heads = groups
    .flatMap(({ columns }) =>
      columns.map(([head], index) => `<th scope="col" class="n${begins(index)}">${escape(head)}</th>`),
    )
    .join('');
  const rows = points.map((point) => {
    const cells = groups.flatMap(({ columns }) =>
      columns.map(([, read], index) => `<td class="n${begins(index)}">${number(short(read(point)))}</td>`),
    );
    return `<tr><th scope="row">${number(Math.round(point.t))} s</th>${cells.join('')}</tr>`;
  });
  return `<div class="sheet wide" role="region" aria-label="${escape(caption)}" tabindex="0"><table class="series"><caption>${escape(caption)}</caption>
<thead><tr><td></td>${over}</tr><tr><th scope="col">time</th>${heads}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

const short = (value: number | null | undefined): number | null | undefined =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
