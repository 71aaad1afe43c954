import { TopBar } from '../shared/top-bar.tsx';
import { ApiLink } from './api-link.tsx';
import { Health } from './health.tsx';
import { t } from './messages.ts';
import { StaffLink } from './staff-link.tsx';
import { at } from '../shared/base-path.ts';

/** Front page: links to the other pages, and the server's status. */
export const Home = () => (
  <>
    <TopBar title={t.page} />
    <main>
      <div class="middle stack">
        <section class="card stack">
          <h1>{t.title}</h1>
          <p>{t.intro}</p>
          <p class="row">
            <a class="button primary" href={at('/exam')}>
              {t.takeExam}
            </a>
            <a class="button" href={at('/system-check')}>
              {t.systemCheck}
            </a>
            <a class="button" href={at('/console')}>
              {t.console}
            </a>
            <StaffLink />
            <ApiLink />
          </p>
        </section>
        <Health />
      </div>
    </main>
  </>
);
