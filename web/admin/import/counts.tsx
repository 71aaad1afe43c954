import type { ImportReport } from '../../../protocol/http/imports.ts';
import { number } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';

/** New, changed, unchanged and wrong rows, for each thing that the import is about. */
export function Counts({ report }: { readonly report: ImportReport }) {
  const { kind, people, enrolments, wrongRows } = report;
  const lines = [
    ...(kind === 'enrolments' ? [] : [['people', people] as const]),
    ...(kind === 'people' ? [] : [['enrolments', enrolments] as const]),
  ];
  return (
    <dl class="counts">
      {lines.map(([name, counts]) =>
        (['created', 'changed', 'unchanged'] as const).map((each) => (
          <div key={name + each}>
            <dt>{t.imports.counts[name][each]}</dt>
            <dd>{number(counts[each])}</dd>
          </div>
        )),
      )}
      {!report.applied && (
        <div class={wrongRows > 0 ? 'wrong' : undefined}>
          <dt>{t.imports.wrongRows}</dt>
          <dd>{number(wrongRows)}</dd>
        </div>
      )}
    </dl>
  );
}
