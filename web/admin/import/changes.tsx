import { useState } from 'preact/hooks';
import type { ImportChange, ImportReport } from '../../../protocol/http/imports.ts';
import { ListTable } from '../../shared/list-table.tsx';
import { number } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';

const FIRST = 20;

/** Accounts and enrolments that an import creates and changes, value by value. */
export function Changes({ changes: { count, items } }: { readonly changes: ImportReport['changes'] }) {
  const [all, setAll] = useState(false);
  if (count === 0) return null;
  const shown = all ? items : items.slice(0, FIRST);
  return (
    <section class="stack" aria-labelledby="changes">
      <h2 id="changes">{t.imports.changesTitle(number(count))}</h2>
      {count > items.length && <p class="note">{t.imports.firstChanges(number(items.length), number(count))}</p>}
      <ListTable labelledBy="changes" columns={[t.imports.row, t.imports.subject, t.imports.effect, t.imports.values]}>
        <tbody>
          {shown.map((change, at) => (
            <tr key={at}>
              <td class="tabular">{number(change.row)}</td>
              <th scope="row">{change.subject}</th>
              <td>{t.imports.actions[change.what][change.action]}</td>
              <td>{valuesOf(change).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </ListTable>
      {shown.length < items.length && (
        <p>
          <button onClick={() => setAll(true)}>{t.showMore}</button>
        </p>
      )}
    </section>
  );
}

/** Values of a change; name and address stand in its subject already. */
function valuesOf({ action, fields }: ImportChange): string[] {
  return fields
    .filter(({ field }) => action === 'change' || (field !== 'name' && field !== 'email'))
    .map(({ field, from, to }) => {
      const name = t.imports.fields[field] ?? field;
      return from === null ? t.imports.newValue(name, to ?? '–') : t.imports.changedValue(name, from, to ?? '–');
    });
}
