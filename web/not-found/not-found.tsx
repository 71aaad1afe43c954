import { at } from '../shared/base-path.ts';
import { TopBar } from '../shared/top-bar.tsx';
import { t } from './messages.ts';

/** Answer to an address without a page, typed in a browser. */
export const NotFound = () => (
  <>
    <TopBar title={t.page} />
    <main>
      <div class="middle stack">
        <section class="card stack">
          <h1>{t.title}</h1>
          <p class="code">{location.pathname}</p>
          <p>{t.hint}</p>
          <p class="row">
            <a class="button primary" href={at('/')}>
              {t.home}
            </a>
            <a class="button" href={at('/exam')}>
              {t.exam}
            </a>
            <a class="button" href={at('/console')}>
              {t.console}
            </a>
          </p>
        </section>
      </div>
    </main>
  </>
);
