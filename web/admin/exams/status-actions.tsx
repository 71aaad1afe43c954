import { useEffect, useState } from 'preact/hooks';
import type { Attendance } from '../../../protocol/http/attendance.ts';
import type { Exam, ExamContents, ExamStatus } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { ApiError, messageOf } from '../../shared/api-error.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { plural } from '../../shared/messages/numbers.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';
import { ExamGaps, readExamPeople } from './exam-gaps.tsx';
import { EXAMS } from '../route.ts';
import { go } from '../use-route.ts';

/** Changes of status by the present one; the server has the last word. */
const CHANGES: Readonly<Record<ExamStatus, readonly Act[]>> = {
  draft: ['schedule', 'open', 'archive', 'remove'],
  scheduled: ['open', 'unschedule', 'archive', 'remove'],
  active: ['close'],
  completed: ['reopen', 'archive'],
  archived: ['remove'],
};

type Act = 'schedule' | 'unschedule' | 'open' | 'close' | 'reopen' | 'archive' | 'remove';

const STATUS: Readonly<Record<Exclude<Act, 'remove'>, ExamStatus>> = {
  schedule: 'scheduled',
  unschedule: 'draft',
  open: 'active',
  close: 'completed',
  reopen: 'active',
  archive: 'archived',
};

interface StatusActionsProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly onChanged: () => void;
}

/** Buttons that change the status of an exam. Each asks first and says what it does. */
export function StatusActions({ api, exam, onChanged }: StatusActionsProps) {
  const [asked, setAsked] = useState<Act>();
  const done = (act: Act) => {
    setAsked(undefined);
    if (act === 'remove') go(EXAMS);
    else onChanged();
  };
  return (
    <div class="row">
      {CHANGES[exam.status].map((act) => (
        <button
          key={act}
          class={act === 'remove' ? 'danger' : act === 'open' || act === 'schedule' ? 'primary' : ''}
          aria-haspopup="dialog"
          disabled={act === 'schedule' && exam.startsAt === null}
          onClick={() => setAsked(act)}
        >
          {t.acts[act].name}
        </button>
      ))}
      {CHANGES[exam.status].includes('schedule') && exam.startsAt === null && (
        <span class="small muted">{t.form.faults.noStart}</span>
      )}
      {asked && (
        <ActDialog api={api} exam={exam} act={asked} onDone={() => done(asked)} onClose={() => setAsked(undefined)} />
      )}
    </div>
  );
}

interface ActDialogProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly act: Act;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function ActDialog({ api, exam, act, onDone, onClose }: ActDialogProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [typed, setTyped] = useState('');
  const [sessions, setSessions] = useState<number>();
  // Records of students are not deleted by one click.
  const phrase =
    act === 'remove' && sessions !== undefined && sessions > 0 ? plural(sessions, t.acts.remove.phrase) : '';
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      if (act === 'remove') await api.delete(`/api/exams/${exam.id}`);
      else await api.patch(`/api/exams/${exam.id}/status`, { status: STATUS[act], endSessions: act === 'close' });
      onDone();
    } catch (error) {
      const archiveFirst = act === 'remove' && error instanceof ApiError && error.code === 'exam_has_sessions';
      setProblem(archiveFirst ? t.acts.remove.archiveFirst : messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.acts[act].title(exam.title)} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{t.acts[act].effect}</p>
        {(act === 'open' || act === 'reopen') && <p>{startsInWords(exam)}</p>}
        {(act === 'schedule' || act === 'open') && <Gaps api={api} exam={exam} />}
        {act === 'close' && <Running api={api} exam={exam} />}
        {act === 'remove' && <Contents api={api} exam={exam} onCounted={setSessions} />}
        {phrase !== '' && (
          <Field
            label={t.bulk.confirm(phrase)}
            autocomplete="off"
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        <Problem>{problem}</Problem>
        <div class="row">
          <button
            class={act === 'remove' || act === 'close' ? 'danger' : 'primary'}
            disabled={busy || typed.trim() !== phrase || (act === 'remove' && sessions === undefined)}
          >
            {t.acts[act].name}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** When students can start an exam that is opened now. */
function startsInWords({ startsAt, endsAt, timeZone }: Exam): string {
  if (endsAt !== null && Date.parse(endsAt) <= Date.now()) return t.acts.starts.over(timeInZone(endsAt, timeZone));
  if (startsAt !== null && Date.parse(startsAt) > Date.now())
    return t.acts.starts.later(timeInZone(startsAt, timeZone));
  return t.acts.starts.now;
}

const CONTENTS = [
  'enrolments',
  'assignments',
  'policyVersions',
  'sessions',
  'events',
  'checkIns',
  'pictures',
  'verdicts',
] as const;

interface ContentsProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly onCounted: (sessions: number) => void;
}

/** What is missing before students can sit it. */
function Gaps({ api, exam }: { readonly api: Api; readonly exam: Exam }) {
  const { value } = useLoaded(() => readExamPeople(api, exam.id), [api, exam.id]);
  return value ? <ExamGaps exam={exam} people={value} /> : null;
}

/** How many sessions end with the exam. */
function Running({ api, exam }: { readonly api: Api; readonly exam: Exam }) {
  const { value } = useLoaded(() => api.get<Attendance>(`/api/exams/${exam.id}/attendance`), [api, exam.id]);
  return value ? (
    <p class={value.total.running > 0 ? 'note warn' : ''}>{plural(value.total.running, t.acts.close.running)}</p>
  ) : null;
}

/** Counts of what is deleted with an exam. */
function Contents({ api, exam, onCounted }: ContentsProps) {
  const { value, error } = useLoaded(() => api.get<ExamContents>(`/api/exams/${exam.id}/contents`), [api, exam.id]);
  useEffect(() => {
    if (value) onCounted(value.sessions);
  }, [value]);
  if (!value) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  return (
    <ul aria-label={t.acts.remove.contentsLabel}>
      {CONTENTS.map((name) => (
        <li key={name}>{plural(value[name] ?? 0, t.acts.remove.contents[name])}</li>
      ))}
    </ul>
  );
}
