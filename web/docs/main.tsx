import { mount } from '../shared/mount.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { Docs } from './docs.tsx';

mount(
  <>
    <TopBar title="HTTP API">
      <a href="/openapi.json">openapi.json</a>
    </TopBar>
    <main>
      <Docs />
    </main>
  </>,
);
