import { BYTE_ORDER_MARK, csvLine } from '../../../protocol/csv.ts';
import type { ImportKind } from '../../../protocol/http/imports.ts';
import { saveFile } from '../../shared/save-file.ts';
import { t } from '../messages.ts';

type CsvKind = Exclude<ImportKind, 'oneroster'>;

/** Columns of a kind with a value as an example; the names are those of exports. */
const COLUMNS = {
  people: {
    email: 'ana@example.org',
    name: 'Ana Pérez',
    role: 'student',
    'student number': 'S-1024',
    'external id': '',
  },
  enrolments: {
    email: 'ana@example.org',
    'student number': '',
    exam: '',
    room: 'A 101',
    seat: '12',
    'extra minutes': '0',
    accommodations: '',
  },
} as const satisfies Record<CsvKind, Readonly<Record<string, string>>>;

/** Columns of a file in words, with a file to begin with. */
export function ColumnsHelp({ kind }: { readonly kind: ImportKind }) {
  if (kind === 'oneroster') return <p class="small muted">{t.imports.oneRosterFiles}</p>;
  const columns: Readonly<Record<string, string>> = COLUMNS[kind];
  const texts: Readonly<Record<string, string>> = t.imports.columns[kind];
  const save = () => {
    const lines = [Object.keys(columns), Object.values(columns)].map((cells) => csvLine(cells, ','));
    saveFile(`${kind}.csv`, new Blob([BYTE_ORDER_MARK, ...lines], { type: 'text/csv' }));
  };
  return (
    <details>
      <summary>{t.imports.columnsTitle}</summary>
      <div class="stack tight">
        <dl class="facts columns">
          {Object.keys(columns).map((name) => (
            <>
              <dt key={name}>{name}</dt>
              <dd>{texts[name]}</dd>
            </>
          ))}
        </dl>
        <p class="small muted">{t.imports.columnsHint}</p>
        <p>
          <button class="small" onClick={save}>
            {t.imports.template}
          </button>
        </p>
      </div>
    </details>
  );
}
