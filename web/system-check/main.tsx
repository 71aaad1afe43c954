import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { t } from './messages.ts';
import { SystemCheck } from './system-check.tsx';

mount(() => (
  <>
    <TopBar title={t.page} />
    <main>
      <SystemCheck />
    </main>
  </>
));
