import type { OwnAssignment } from '../../protocol/http/assignments.ts';
import type { CheckInsWaiting } from '../../protocol/http/check-in.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { readPages } from '../shared/read-pages.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { at } from '../shared/base-path.ts';
import { Problem } from '../shared/field.tsx';
import { duration } from '../shared/time-format.ts';
import { timeInZone } from '../shared/zone-format.ts';
import { WAITING } from './check-in/check-in-filter.ts';
import { type ExamCounts, countByExam, NO_COUNTS } from './exam-counts.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { t } from './messages.ts';
import { hrefOf } from './route.ts';
import { usePulse } from './use-store.ts';
import type { WallStore } from './wall-store.ts';
import { LinkBadge, WallCounts } from './wall-status.tsx';
import { useLink } from './use-link.ts';

interface ExamListProps {
  readonly api: Api;
  readonly store: WallStore;
  readonly exams: readonly Exam[] | undefined;
  readonly problem: string | undefined;
  readonly mayCreate: boolean;
  /** Students who wait to be admitted. */
  readonly waiting: CheckInsWaiting;
}

/** Exams with counts of their running sessions. */
export function ExamList({ api, store, exams, problem, mayCreate, waiting }: ExamListProps) {
  const counts = usePulse(store, ({ sessions }) => countByExam(sessions.values()));
  const link = useLink(store);
  // Managers see exams as a whole.
  const own = useLoaded(
    async () => (mayCreate ? [] : readPages<OwnAssignment>(api, '/api/assignments')),
    [api, mayCreate],
  );
  return (
    <section class="stack">
      <div class="row between">
        <PageTitle>{t.wall.exams}</PageTitle>
        <div class="row">
          <LinkBadge link={link} onConnect={() => store.client.connect()} />
          <WallCounts store={store} />
        </div>
      </div>
      <div class="row">
        <a class="button" href={hrefOf({ page: 'wall', exam: undefined })}>
          {t.wall.allSessions}
        </a>
        {mayCreate && (
          <a class="button" href={at('/admin#/exams/new')}>
            {t.wall.newExam}
          </a>
        )}
      </div>
      <Problem>{problem}</Problem>
      {exams?.length === 0 && <p class="card muted">{t.wall.noExams}</p>}
      <ul class="plain exam-list" aria-label={t.wall.exams}>
        {exams?.map((exam) => (
          <li key={exam.id} class="card exam">
            <div class="stack tight">
              <a class="exam-title" href={hrefOf({ page: 'wall', exam: exam.id })}>
                {exam.title}
              </a>
              <span class="small muted">{summaryOf(exam)}</span>
              <WaitingHere
                exam={exam.id}
                count={waiting.items.find(({ exam: { id } }) => id === exam.id)?.waiting ?? 0}
              />
              <Places of={own.value?.filter(({ examId }) => examId === exam.id) ?? []} />
            </div>
            <Counts counts={counts[exam.id] ?? NO_COUNTS} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Students who wait to be admitted to the exam. */
function WaitingHere({ exam, count }: { readonly exam: string; readonly count: number }) {
  if (count === 0) return null;
  return (
    <a class="small" href={hrefOf({ page: 'check-ins', filter: { ...WAITING, exam } })}>
      {t.checkIn.waitFor(count)}
    </a>
  );
}

/** Rooms of the exam that the person is assigned to. */
function Places({ of: assignments }: { readonly of: readonly OwnAssignment[] }) {
  if (assignments.length === 0) return null;
  const rooms = assignments.flatMap(({ room }) => room ?? []).toSorted();
  return (
    <span class="small">
      {rooms.length < assignments.length ? t.wall.wholeExam : t.wall.yourRooms(rooms.join(', '))}
    </span>
  );
}

function Counts({ counts: { running, connected, watch, high } }: { readonly counts: ExamCounts }) {
  if (running === 0) return <span class="small muted">{t.wall.noActiveSessions}</span>;
  return (
    <span class="row tight small tabular">
      <span>{t.wall.running(running, connected)}</span>
      {watch > 0 && <span class="badge medium">{t.wall.toWatch(watch)}</span>}
      {high > 0 && <span class="badge high">{t.wall.highAttention(high)}</span>}
    </span>
  );
}

/** Status, audience, window and time limit. */
function summaryOf({ status, openTo, startsAt, endsAt, durationMinutes, timeZone }: Exam): string {
  const parts: string[] = [t.wall.status[status], t.wall.audience[openTo]];
  if (startsAt) parts.push(t.wall.from(timeInZone(startsAt, timeZone)));
  if (endsAt) parts.push(t.wall.until(timeInZone(endsAt, timeZone)));
  if (durationMinutes) parts.push(duration(durationMinutes * 60_000));
  return parts.join(' · ');
}
