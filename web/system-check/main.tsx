import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { SystemCheck } from './system-check.tsx';

mount(() => (
  <>
    <TopBar title="System check" />
    <main>
      <SystemCheck />
    </main>
  </>
));
