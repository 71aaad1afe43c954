import { useState } from 'preact/hooks';
import type { Role } from '../../../protocol/http/accounts.ts';
import type { ImportKind } from '../../../protocol/http/imports.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { saveFile } from '../../shared/save-file.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { type Separator, SeparatorField } from '../../shared/separator-field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { t } from '../messages.ts';
import { ROLES } from '../route.ts';
import type { ImportTerms } from './import-form.ts';

interface ExportCardProps {
  readonly api: Api;
  readonly kind: ImportKind;
  readonly terms: Pick<ImportTerms, 'exam' | 'organisation'>;
}

/** The same lists as files, which an import reads back. */
export function ExportCard({ api, kind, terms: { exam, organisation } }: ExportCardProps) {
  const [role, setRole] = useState<Role | ''>('');
  const [separator, setSeparator] = useState<Separator>('comma');
  const { busy, error, run } = useAction();
  const ofExam = kind === 'enrolments';
  if (kind === 'oneroster') return null;
  const save = () =>
    run(async () => {
      const query = new URLSearchParams({ separator, ...(!ofExam && { organisation, ...(role && { role }) }) });
      const path = ofExam ? `/api/exams/${exam}/students/export` : '/api/export/people';
      const content = await api.download(`${path}?${query.toString()}`);
      saveFile(ofExam ? 'enrolments.csv' : 'people.csv', content);
    });
  return (
    <section class="card stack" aria-labelledby="export">
      <h2 id="export">{t.imports.exportTitle[kind]}</h2>
      <p class="small muted">{t.imports.exportHint}</p>
      <div class="row filters">
        {!ofExam && (
          <SelectField<Role | ''>
            label={t.person.role}
            value={role}
            options={[['', t.all], ...ROLES.map((each) => [each, t.person.roles[each]] as const)]}
            onChange={setRole}
          />
        )}
        <SeparatorField value={separator} onChange={setSeparator} />
        <button disabled={busy || (ofExam && exam === '')} onClick={() => void save()}>
          {t.imports.exportNow}
        </button>
      </div>
      {ofExam && exam === '' && <p class="small muted">{t.imports.exportNeedsExam}</p>}
      <Problem>{error}</Problem>
    </section>
  );
}
