import { type ComponentType, render } from 'preact';
import { CrashPage } from './crash-page.tsx';
import { whenTranslated } from './messages/catalogue.ts';

/** Renders the page once its messages are there; they must not be read before. */
export function mount(Page: ComponentType): void {
  const root = document.getElementById('app');
  if (!root) return;
  whenTranslated(() => {
    // The note for browsers in which the page does not get this far.
    root.replaceChildren();
    render(
      <CrashPage>
        <Page />
      </CrashPage>,
      root,
    );
  });
}
