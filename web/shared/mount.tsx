import { type ComponentChildren, render } from 'preact';

export function mount(page: ComponentChildren): void {
  const root = document.getElementById('app');
  if (root) render(page, root);
}
