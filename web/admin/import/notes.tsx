import { useState } from 'preact/hooks';
import { BYTE_ORDER_MARK, csvLine } from '../../../protocol/csv.ts';
import type { ImportNote, ImportReport } from '../../../protocol/http/imports.ts';
import { sentence } from '../../shared/messages/sentence.ts';
import { Problem } from '../../shared/field.tsx';
import { number } from '../../shared/messages/numbers.ts';
import { saveFile } from '../../shared/save-file.ts';
import { useAction } from '../../shared/use-action.ts';
import { t } from '../messages.ts';

interface NotesProps {
  readonly id: 'faults' | 'warnings';
  readonly title: string;
  readonly hint?: string;
  readonly notes: ImportReport['faults'];
  /** Name of a file that they can be saved as. */
  readonly saveAs: string;
  /** Reads the whole list, where the report has the first ones only. */
  readonly readAll: () => Promise<Blob>;
  /** As in the imported file. */
  readonly separator: string;
}

const FIRST = 20;

/** Faults or warnings of a file, by row and column. */
export function Notes({ id, title, hint, notes: { count, items }, saveAs, readAll, separator }: NotesProps) {
  const [all, setAll] = useState(false);
  const { busy, error, run } = useAction();
  if (count === 0) return null;
  const shown = all ? items : items.slice(0, FIRST);
  const inZip = items.some(({ file }) => file !== null);
  const place = ({ row }: ImportNote) => (row === null ? t.imports.wholeFile : number(row));
  const save = async () => {
    if (count > items.length) return saveFile(saveAs, await readAll());
    const header = [
      ...(inZip ? [t.imports.inFile] : []),
      t.imports.row,
      t.students.name,
      t.imports.column,
      t.imports.fault,
    ];
    const rows = items.map((note) => [
      ...(inZip ? [note.file] : []),
      note.row,
      note.subject,
      note.column,
      sentence(note.message),
    ]);
    const lines = [header, ...rows].map((cells) => csvLine(cells, separator));
    saveFile(saveAs, new Blob([BYTE_ORDER_MARK, ...lines], { type: 'text/csv' }));
  };
  return (
    <section class="stack" aria-labelledby={id}>
      <div class="row between">
        <h2 id={id}>
          {title}: {number(count)}
        </h2>
        <button class="small" disabled={busy} onClick={() => void run(save)}>
          {t.imports.saveNotes[id]}
        </button>
      </div>
      {hint && <p class="small muted">{hint}</p>}
      <Problem>{error}</Problem>
      {count > items.length && <p class="note">{t.imports.firstOnly(number(items.length), number(count))}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-labelledby={id}>
        <table class="card list">
          <thead>
            <tr>
              {inZip && <th scope="col">{t.imports.inFile}</th>}
              <th scope="col">{t.imports.row}</th>
              <th scope="col">{t.students.name}</th>
              <th scope="col">{t.imports.column}</th>
              <th scope="col">{t.imports.fault}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((note, at) => (
              <tr key={at}>
                {inZip && <td>{note.file ?? '–'}</td>}
                <td class="tabular">{place(note)}</td>
                <td>{note.subject ?? '–'}</td>
                <td>{note.column ?? '–'}</td>
                <td>{sentence(note.message)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < items.length && (
        <p>
          <button onClick={() => setAll(true)}>{t.showMore}</button>
        </p>
      )}
    </section>
  );
}
