import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { Docs } from './docs.tsx';
import { t } from './messages.ts';
import { at } from '../shared/base-path.ts';

mount(() => (
  <>
    <TopBar title={t.page}>
      <a href={at('/openapi.json')}>openapi.json</a>
    </TopBar>
    <main>
      <Docs />
    </main>
  </>
));
