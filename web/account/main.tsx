import { Api } from '../shared/api.ts';
import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { App } from './app.tsx';
import { t } from './messages.ts';
import { Reset } from './reset.tsx';

const reset = /^#reset=([\w-]+)$/.exec(location.hash)?.[1];
// Keeps the one-time token out of the browser's history.
if (reset) history.replaceState(null, '', location.pathname);
const api = new Api();

const show = () =>
  mount(() =>
    reset ? (
      <>
        <TopBar title={t.page} />
        <main>
          <Reset token={reset} />
        </main>
      </>
    ) : (
      <App api={api} />
    ),
  );

void (reset ? Promise.resolve() : api.join()).then(show);
