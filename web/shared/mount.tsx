import { type ComponentType, h, render } from 'preact';
import { whenTranslated } from './messages/catalogue.ts';

/** Renders the page once its messages are there; they must not be read before. */
export function mount(Page: ComponentType): void {
  const root = document.getElementById('app');
  if (root) whenTranslated(() => render(h(Page, {}), root));
}
