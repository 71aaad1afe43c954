import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { at } from '../shared/base-path.ts';
import { Login } from '../shared/login.tsx';
import { LoginAgain } from '../shared/login-again.tsx';
import { manages } from '../shared/manages.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { StepUpDialog } from '../shared/step-up-dialog.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { AuditPage } from './audit/audit-page.tsx';
import { VerificationPage } from './audit/verification-page.tsx';
import { ExamFormPage } from './exams/exam-form-page.tsx';
import { ExamList } from './exams/exam-list.tsx';
import { ExamPage } from './exams/exam-page.tsx';
import { ImportPage } from './import/import-page.tsx';
import { t } from './messages.ts';
import { Overview } from './overview.tsx';
import { OrganisationsPage } from './organisations/organisations-page.tsx';
import { type Organisations, useOrganisations } from './organisations/use-organisations.ts';
import { NewPerson } from './people/new-person.tsx';
import { PeopleList } from './people/people-list.tsx';
import { PersonPage } from './people/person-page.tsx';
import { NewProfilePage } from './profiles/new-profile.tsx';
import { ProfileList } from './profiles/profile-list.tsx';
import { ProfilePage } from './profiles/profile-page.tsx';
import { AUDIT, EXAMS, hrefOf, IMPORT, PEOPLE, PROFILES, type Route } from './route.ts';
import { useUnsaved } from './use-unsaved.ts';
import { SystemPage } from './system/system-page.tsx';
import { useRoute } from './use-route.ts';

/** The administration area, for admins and exam managers. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  const signOut = () => void api.signOut();
  return (
    <>
      <TopBar title={t.page} user={user} onSignOut={signOut} guide="administrators">
        {user && user.role !== 'student' && <a href={at('/console')}>{t.console}</a>}
      </TopBar>
      <main>
        {!user ? (
          <Login api={api} title={t.loginTitle} />
        ) : manages(user) ? (
          <Area key={user.id} api={api} user={user} />
        ) : (
          <section class="card stack narrow">
            <h1>{t.managersOnly}</h1>
            <p>{t.loggedInAs(t.roles[user.role])}</p>
            <p class="row">
              <a class="button primary" href={at(user.role === 'student' ? '/exam' : '/console')}>
                {user.role === 'student' ? t.toExams : t.toConsole}
              </a>
              <button onClick={signOut}>{t.switchAccount}</button>
            </p>
          </section>
        )}
      </main>
      <StepUpDialog api={api} />
      <LoginAgain api={api} />
    </>
  );
}

function Area({ api, user }: { readonly api: Api; readonly user: User }) {
  const route = useRoute();
  useUnsaved();
  const organisations = useOrganisations(api, user);
  return (
    <div class="area">
      <Sections route={route} role={user.role} organisations={organisations} />
      <div class="stack">{pageOf(api, route, user, organisations)}</div>
    </div>
  );
}

function pageOf(api: Api, route: Route, user: User, organisations: Organisations) {
  const { role } = user;
  switch (route.page) {
    case 'overview':
      return <Overview api={api} user={user} organisations={organisations} />;
    case 'exams':
      return <ExamList api={api} route={route} />;
    case 'newExam':
      return (
        <ExamFormPage
          key={route.from ?? 'new'}
          api={api}
          cloned={route.from}
          user={user}
          organisations={organisations}
        />
      );
    case 'exam':
      return <ExamPage key={route.exam} api={api} id={route.exam} tab={route.tab} />;
    case 'people':
      return <PeopleList api={api} route={route} user={user} organisations={organisations} />;
    case 'newPerson':
      return <NewPerson api={api} user={user} organisations={organisations} />;
    case 'person':
      return <PersonPage key={route.person} api={api} id={route.person} user={user} organisations={organisations} />;
    case 'import':
      return (
        <ImportPage
          key={`${route.kind} ${route.exam}`}
          api={api}
          user={user}
          organisations={organisations}
          route={route}
        />
      );
    case 'verification':
      return <VerificationPage api={api} role={role} />;
    case 'system':
      return <SystemPage api={api} role={role} />;
    case 'audit':
      return <AuditPage api={api} route={route} role={role} />;
    case 'profiles':
      return <ProfileList api={api} organisations={organisations} route={route} />;
    case 'newProfile':
      return (
        <NewProfilePage
          key={`${route.kind} ${route.from}`}
          api={api}
          user={user}
          organisations={organisations}
          route={route}
        />
      );
    case 'profile':
      return <ProfilePage key={route.profile} api={api} route={route} />;
    case 'unknown':
      return (
        <section class="card stack tight">
          <PageTitle>{t.unknownPage.title}</PageTitle>
          <p>{t.unknownPage.hint}</p>
        </section>
      );
    case 'organisations':
      return role === 'admin' ? (
        <OrganisationsPage api={api} user={user} organisations={organisations} />
      ) : (
        <Overview api={api} user={user} organisations={organisations} />
      );
  }
}

/** Sections with the pages that each contains. */
const SECTIONS: readonly {
  name: Exclude<keyof typeof t.sections, 'organisations' | 'system'>;
  to: Route;
  pages: readonly Route['page'][];
}[] = [
  { name: 'overview', to: { page: 'overview' }, pages: ['overview'] },
  { name: 'exams', to: EXAMS, pages: ['exams', 'newExam', 'exam'] },
  { name: 'people', to: PEOPLE, pages: ['people', 'newPerson', 'person'] },
  { name: 'import', to: IMPORT, pages: ['import'] },
  { name: 'profiles', to: PROFILES, pages: ['profiles', 'newProfile', 'profile'] },
  { name: 'audit', to: AUDIT, pages: ['audit', 'verification'] },
];

interface SectionsProps {
  readonly route: Route;
  readonly role: User['role'];
  readonly organisations: Organisations;
}

function Sections({ route, role, organisations }: SectionsProps) {
  return (
    <nav class="sections" aria-label={t.sectionsLabel}>
      {SECTIONS.map(({ name, to, pages }) => (
        <a key={name} href={hrefOf(to)} aria-current={pages.includes(route.page) ? 'page' : undefined}>
          {t.sections[name]}
        </a>
      ))}
      {organisations.several && (
        <a href={hrefOf({ page: 'organisations' })} aria-current={route.page === 'organisations' ? 'page' : undefined}>
          {t.sections.organisations}
        </a>
      )}
      {role === 'admin' && (
        <a href={hrefOf({ page: 'system' })} aria-current={route.page === 'system' ? 'page' : undefined}>
          {t.sections.system}
        </a>
      )}
      <a href={at('/console#/sessions')}>{t.sessions}</a>
    </nav>
  );
}
