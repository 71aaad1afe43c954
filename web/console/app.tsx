import { useEffect, useRef } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { CheckInsWaiting } from '../../protocol/http/check-in.ts';
import type { GivenWork } from '../../protocol/http/review-work.ts';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';
import { manages } from '../shared/manages.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { StepUpDialog } from '../shared/step-up-dialog.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { Announcer } from './announcer.tsx';
import { CheckInLink } from './check-in/check-in-link.tsx';
import { CheckInsPage } from './check-in/check-ins-page.tsx';
import { useWaiting } from './check-in/use-waiting.ts';
import { ExamList } from './exam-list.tsx';
import { GivenWorkLinks } from './given/given-work-links.tsx';
import { useGivenWork } from './given/use-given-work.ts';
import { LogAlarmNote } from './log-alarm.tsx';
import { LogLine } from './log-line.tsx';
import { t } from './messages.ts';
import { Report } from './report.tsx';
import { Review } from './review.tsx';
import { hrefOf, type Route } from './route.ts';
import { NO_FILTER } from './session-filter.ts';
import { SessionsPage } from './sessions-page.tsx';
import { SessionPage } from './session-page.tsx';
import { SecurityPage } from './security-page.tsx';
import { useAlerts } from './use-alerts.ts';
import { useExams } from './use-exams.ts';
import { useLogWatch } from './use-log-watch.ts';
import { usePrefs } from './use-prefs.ts';
import { useRoute } from './use-route.ts';
import { useWallStore } from './use-store.ts';
import { ALL_VERDICTS } from './verdict-filter.ts';
import { VerdictsPage } from './verdicts-page.tsx';
import { Wall } from './wall.tsx';
import { at } from '../shared/base-path.ts';

/** The console of proctors and admins: exam list, wall, sessions, reviews, reports. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  const signOut = () => void api.signOut();
  const { page } = useRoute();
  const isStaff = user !== undefined && user.role !== 'student';
  const waiting = useWaiting(api, isStaff);
  const given = useGivenWork(api, isStaff);
  const isReview =
    user?.role === 'reviewer' || page === 'review' || page === 'report' || page === 'sessions' || page === 'verdicts';
  return (
    <>
      <TopBar title={t.page} user={user} onSignOut={signOut} guide={isReview ? 'reviewers' : 'proctors'}>
        {isStaff && (
          <>
            <a href={hrefOf({ page: 'exams' })}>{t.exams}</a>
            <a href={hrefOf({ page: 'sessions', filter: NO_FILTER })}>{t.sessions.title}</a>
            <a href={hrefOf({ page: 'verdicts', filter: ALL_VERDICTS })}>{t.verdicts.title}</a>
            <GivenWorkLinks key={user.id} work={given} />
            <CheckInLink waiting={waiting.waiting} />
          </>
        )}
        {user?.role === 'admin' && <a href={hrefOf({ page: 'security' })}>{t.security}</a>}
        {user && manages(user) && <a href={at('/admin')}>{t.administration}</a>}
      </TopBar>
      <main>
        {!user ? (
          <Login api={api} title={t.loginTitle} />
        ) : user.role === 'student' ? (
          <section class="card stack narrow">
            <h1>{t.staffOnly}</h1>
            <p>{t.loggedInAsStudent}</p>
            <p class="row">
              <a class="button primary" href={at('/exam')}>
                {t.toExams}
              </a>
              <button onClick={signOut}>{t.switchAccount}</button>
            </p>
          </section>
        ) : (
          <Console key={user.id} api={api} user={user} waiting={waiting} given={given} />
        )}
      </main>
      <StepUpDialog api={api} />
    </>
  );
}

interface ConsoleProps {
  readonly api: Api;
  readonly user: User;
  /** Students who wait to be admitted. */
  readonly waiting: CheckInsWaiting;
  readonly given: GivenWork;
}

function Console({ api, user, waiting, given }: ConsoleProps) {
  const route = useRoute();
  const store = useWallStore(api, useScope(route));
  if (store) store.client.mayWatch = user.role !== 'reviewer';
  const { exams, action } = useExams(api, route.page === 'exams', route.page === 'wall' ? route.exam : undefined);
  const prefs = usePrefs();
  useAlerts(store, prefs);
  const watch = useLogWatch(api);
  useEffect(() => {
    for (const { id, policy } of exams ?? []) store?.setHalfLife(id, policy.halfLifeSeconds);
  }, [store, exams]);
  const page = () => {
    switch (route.page) {
      case 'session':
        return <SessionPage key={route.session} api={api} id={route.session} store={store} user={user} />;
      case 'review':
        return <Review key={route.session} api={api} id={route.session} user={user} />;
      case 'report':
        return <Report key={route.session} api={api} id={route.session} watch={watch} />;
      case 'sessions':
        return <SessionsPage api={api} user={user} filter={route.filter} exams={exams} />;
      case 'verdicts':
        return <VerdictsPage api={api} user={user} filter={route.filter} exams={exams} given={given} />;
      case 'check-ins':
        return <CheckInsPage api={api} user={user} filter={route.filter} exams={exams} />;
      case 'security':
        return user.role === 'admin' ? <SecurityPage api={api} /> : <p class="card">{t.adminsOnly}</p>;
    }
    if (route.page === 'unknown')
      return (
        <section class="card stack">
          <PageTitle>{t.notFound}</PageTitle>
          <p>{t.notFoundHint}</p>
          <p>
            <a class="button" href={hrefOf({ page: 'exams' })}>
              {t.notFoundBack}
            </a>
          </p>
        </section>
      );
    if (!store) return null;
    if (route.page === 'exams')
      return (
        <ExamList
          api={api}
          store={store}
          exams={exams}
          problem={action.error}
          waiting={waiting}
          mayCreate={manages(user)}
        />
      );
    const title = route.exam ? (exams?.find(({ id }) => id === route.exam)?.title ?? t.wall.exam) : t.wall.allSessions;
    const titleOf = (id: string) => exams?.find((exam) => exam.id === id)?.title ?? t.wall.exam;
    return (
      <Wall
        key={route.exam ?? 'all'}
        api={api}
        user={user}
        store={store}
        title={title}
        exam={route.exam}
        titleOf={titleOf}
      />
    );
  };
  return (
    <>
      <LogAlarmNote watch={watch} />
      {page()}
      <LogLine watch={watch} />
      {store && <Announcer store={store} names={prefs.names} />}
    </>
  );
}

/** Scope of the wall's connection. It is kept while a single session is open, so that alerts continue. */
function useScope(route: Route): string | undefined {
  const last = useRef<string>(undefined);
  if (route.page === 'wall') last.current = route.exam ?? 'all';
  if (route.page === 'exams') last.current = 'all';
  return last.current;
}
