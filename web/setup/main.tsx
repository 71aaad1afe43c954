import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { t } from './messages.ts';
import { Setup } from './setup.tsx';

const token = location.hash.slice(1);
// Keeps the one-time token out of the browser's history.
history.replaceState(null, '', location.pathname);

mount(() => (
  <>
    <TopBar title={t.page} />
    <main>
      <Setup token={token} />
    </main>
  </>
));
