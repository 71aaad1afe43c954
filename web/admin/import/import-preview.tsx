import type { Ref } from 'preact';
import { type ImportEncoding, type ImportReport } from '../../../protocol/http/imports.ts';
import { IMPORT_ENCODINGS } from '../../../protocol/import-limits.ts';
import { common } from '../../shared/messages/common.ts';
import { plural } from '../../shared/messages/numbers.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { t } from '../messages.ts';
import { Changes } from './changes.tsx';
import { Counts } from './counts.tsx';
import type { ChosenFile } from './import-form.ts';
import { Notes } from './notes.tsx';

interface ImportPreviewProps {
  readonly file: ChosenFile;
  readonly report: ImportReport;
  readonly encoding: ImportEncoding | '';
  readonly busy: boolean;
  readonly heading: Ref<HTMLHeadingElement>;
  readonly readNotes: (list: 'faults' | 'warnings') => Promise<Blob>;
  readonly onEncoding: (encoding: ImportEncoding | '') => void;
  readonly onApply: () => void;
  readonly onCancel: () => void;
}

/** Findings of a file before anything is written, and the decision. */
export function ImportPreview(props: ImportPreviewProps) {
  const { file, report, encoding, busy, heading, readNotes, onEncoding, onApply, onCancel } = props;
  const { faults, warnings, people, enrolments } = report;
  const changes = people.created + people.changed + enrolments.created + enrolments.changed;
  const separator = report.files[0]?.separator ?? ',';
  const named = (list: string) => file.name.replace(/(\.[^.]*)?$/, `-${list}.csv`);
  return (
    <>
      <section class="card stack" aria-labelledby="preview">
        <h2 id="preview" ref={heading} tabIndex={-1} class="page-title">
          {t.imports.preview(file.name)}
        </h2>
        <Counts report={report} />
        {faults.count > 0 ? (
          <p class="note bad">{plural(report.wrongRows, t.imports.nothingWritten)}</p>
        ) : changes === 0 ? (
          <p class="note">{t.imports.noChanges}</p>
        ) : (
          <p class="note good">{t.imports.ready}</p>
        )}
        <div class="row">
          <button class="primary" disabled={busy || faults.count > 0 || changes === 0} onClick={onApply}>
            {t.imports.apply}
          </button>
          <button disabled={busy} onClick={onCancel}>
            {common.cancel}
          </button>
        </div>
      </section>
      <Notes
        id="faults"
        title={t.imports.faults}
        notes={faults}
        saveAs={named('faults')}
        readAll={() => readNotes('faults')}
        separator={separator}
      />
      <Notes
        id="warnings"
        title={t.imports.warnings}
        hint={t.imports.warningsHint}
        notes={warnings}
        saveAs={named('warnings')}
        readAll={() => readNotes('warnings')}
        separator={separator}
      />
      <Changes changes={report.changes} />
      <section class="card stack" aria-labelledby="read">
        <h2 id="read">{t.imports.readTitle}</h2>
        {report.files.map((table) => (
          <div key={table.name} class="stack tight">
            {table.name !== null && <h3>{table.name}</h3>}
            <p>
              {t.imports.readAs({
                rows: plural(table.rows, t.imports.rows),
                encoding: table.encoding,
                separator: t.imports.separators[table.separator] ?? table.separator,
              })}
            </p>
            <ul class="plain row" aria-label={t.imports.columnsRead}>
              {table.columns.map(({ header, field }, at) => (
                <li key={at} class="badge">
                  {field === null ? t.imports.notRead(header) : t.imports.readColumn(header, t.imports.fields[field])}
                </li>
              ))}
            </ul>
          </div>
        ))}
        <SelectField<ImportEncoding | ''>
          label={t.imports.encoding}
          hint={t.imports.encodingHint}
          value={encoding}
          options={[['', t.imports.recognised], ...IMPORT_ENCODINGS.map((name) => [name, name] as const)]}
          onChange={onEncoding}
        />
      </section>
    </>
  );
}
