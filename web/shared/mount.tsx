import { type ComponentType, render } from 'preact';
import { CrashPage } from './crash-page.tsx';
import { whenTranslated } from './messages/catalogue.ts';

/** Renders the page once its messages are there; they must not be read before. */
export function mount(Page: ComponentType): void {
  const root = document.getElementById('app');
  if (!root) return;
  whenTranslated(() =>
    render(
      <CrashPage>
        <Page />
      </CrashPage>,
      root,
    ),
  );
}
