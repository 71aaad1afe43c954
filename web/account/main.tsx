import { Api } from '../shared/api.ts';
import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { App } from './app.tsx';
import { Reset } from './reset.tsx';

const reset = /^#reset=([\w-]+)$/.exec(location.hash)?.[1];
// The link works once, but it need not stay in the history until then.
if (reset) history.replaceState(null, '', location.pathname);

mount(
  reset ? (
    <>
      <TopBar title="Account" />
      <main>
        <Reset token={reset} />
      </main>
    </>
  ) : (
    <App api={new Api()} />
  ),
);
