import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { Setup } from './setup.tsx';

const token = location.hash.slice(1);
// The link works once, but it need not stay in the history until then.
history.replaceState(null, '', location.pathname);

mount(
  <>
    <TopBar title="Set up" />
    <main>
      <Setup token={token} />
    </main>
  </>,
);
