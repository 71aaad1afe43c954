import { Fragment } from 'preact';
import { BYTE_ORDER_MARK, csvLine } from '../../../protocol/csv.ts';
import type { ImportKind } from '../../../protocol/http/imports.ts';
import { saveFile } from '../../shared/save-file.ts';
import { t } from '../messages.ts';

/** Columns of a file in words, with a file to begin with. */
export function ColumnsHelp({ kind }: { readonly kind: ImportKind }) {
  if (kind === 'oneroster') return <p class="small muted">{t.imports.oneRosterFiles}</p>;
  const columns = t.imports.columns[kind];
  const save = () => {
    const lines = [columns.map(([name]) => name), columns.map(([, example]) => example)].map((cells) =>
      csvLine(cells, ','),
    );
    saveFile(`${kind}.csv`, new Blob([BYTE_ORDER_MARK, ...lines], { type: 'text/csv' }));
  };
  return (
    <details>
      <summary>{t.imports.columnsTitle}</summary>
      <div class="stack tight">
        <dl class="facts">
          {columns.map(([name, , text]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </Fragment>
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
