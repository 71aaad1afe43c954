import { useEffect, useRef, useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import { CSV_SEPARATORS } from '../../../protocol/csv.ts';
import type { ImportReport } from '../../../protocol/http/imports.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { PageTitle } from '../../shared/page-title.tsx';
import { useAction } from '../../shared/use-action.ts';
import { t } from '../messages.ts';
import type { Organisations } from '../organisations/use-organisations.ts';
import { hrefOf, IMPORT_KINDS, type Route } from '../route.ts';
import { ColumnsHelp } from './columns-help.tsx';
import { ExportCard } from './export-card.tsx';
import { FileDrop } from './file-drop.tsx';
import { type ChosenFile, importForm, type ImportTerms } from './import-form.ts';
import { ImportPreview } from './import-preview.tsx';
import { ImportResult } from './import-result.tsx';
import { TermsFields } from './terms-fields.tsx';

interface ImportPageProps {
  readonly api: Api;
  readonly user: User;
  readonly organisations: Organisations;
  readonly route: Extract<Route, { page: 'import' }>;
}

interface Step {
  readonly file: ChosenFile;
  readonly report: ImportReport;
}

/** Name of a separator for the server, which writes the usual ones only. */
const separatorName = (sign: string | undefined) =>
  Object.entries(CSV_SEPARATORS).find(([, each]) => each === sign)?.[0] ?? 'comma';

/** Status of an import that was refused because of faults: its body is a report. */
const WITH_FAULTS = 422;

/** Import of people and enrolments: a file, its preview, then all or nothing. */
export function ImportPage({ api, user, organisations, route }: ImportPageProps) {
  const { kind } = route;
  const [terms, setTerms] = useState<ImportTerms>({
    kind,
    role: 'student',
    exam: route.exam ?? '',
    organisation: user.organisationId,
    encoding: '',
  });
  const [step, setStep] = useState<Step>();
  const [running, setRunning] = useState<'preview' | 'apply'>();
  const [failed, setFailed] = useState(false);
  const { busy, error, run } = useAction();
  const heading = useRef<HTMLHeadingElement>(null);
  // The next thing to read is the report.
  useEffect(() => heading.current?.focus(), [step]);

  const send = (act: 'preview' | 'apply', file: ChosenFile, by: ImportTerms, digest?: string) =>
    run(async () => {
      setRunning(act);
      setFailed(false);
      try {
        const form = importForm(file, by, digest);
        const report = await api.upload<ImportReport>(`/api/import/${act}`, form, WITH_FAULTS);
        setStep({ file, report });
      } catch (fault) {
        setFailed(act === 'apply');
        throw fault;
      } finally {
        setRunning(undefined);
      }
    });
  const change = (next: ImportTerms) => {
    setTerms(next);
    if (step) void send('preview', step.file, next);
  };
  return (
    <>
      <PageTitle>{t.imports.title}</PageTitle>
      <nav class="tabs" aria-label={t.imports.kindsLabel}>
        {IMPORT_KINDS.map((each) => (
          <a
            key={each}
            href={hrefOf({ page: 'import', kind: each, exam: each === 'people' ? undefined : route.exam })}
            aria-current={each === kind ? 'page' : undefined}
          >
            {t.imports.kinds[each]}
          </a>
        ))}
      </nav>
      {step?.report.applied ? (
        <ImportResult
          api={api}
          report={step.report}
          exam={terms.exam}
          heading={heading}
          onAgain={() => setStep(undefined)}
        />
      ) : (
        <>
          <section class="card stack" aria-label={t.imports.choose}>
            <p>{t.imports.about[kind]}</p>
            <TermsFields api={api} user={user} organisations={organisations} terms={terms} onChange={change} />
            <FileDrop
              hint={t.imports.fileHints[kind]}
              accept={kind === 'oneroster' ? '.zip,application/zip' : '.csv,.txt,.tsv,text/csv'}
              busy={busy}
              onFile={(file) => {
                const fresh: ImportTerms = { ...terms, encoding: '' };
                setTerms(fresh);
                void send('preview', file, fresh);
              }}
            />
            <ColumnsHelp kind={kind} />
          </section>
          <p role="status" class="muted">
            {running && t.imports.running[running]}
          </p>
          <Problem>{error}</Problem>
          {failed && <p class="note">{t.imports.repeatable}</p>}
          {step && (
            <ImportPreview
              file={step.file}
              report={step.report}
              encoding={terms.encoding}
              busy={busy}
              heading={heading}
              readNotes={(list) => {
                const form = importForm(step.file, terms);
                form.set('list', list);
                form.set('separator', separatorName(step.report.files[0]?.separator));
                return api.uploadForFile('/api/import/notes', form);
              }}
              onEncoding={(encoding) => change({ ...terms, encoding })}
              onApply={() => void send('apply', step.file, terms, step.report.digest)}
              onCancel={() => setStep(undefined)}
            />
          )}
          {!step && <ExportCard key={terms.exam} api={api} kind={kind} terms={terms} />}
        </>
      )}
    </>
  );
}
