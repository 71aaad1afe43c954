/**
 * Whether the browser's window is in front, although something of its own (a bar, a menu) may have the focus; undefined
 * where the browser does not tell. Firefox has a selector for it, and WebKit, for scroll bars, another one. Chromium
 * knows that one, too, and never matches it on an element; on iPads it was not tried, and counts as not told.
 * https://developer.mozilla.org/docs/Web/CSS/:-moz-window-inactive
 * https://webkit.org/blog/363/styling-scrollbars/
 */
export function windowActive(): boolean | undefined {
  selector ??= findSelector();
  return selector === '' ? undefined : !document.documentElement.matches(selector);
}

let selector: string | undefined;

function findSelector(): string {
  const supports = (name: string) => CSS.supports(`selector(${name})`);
  if (supports(':-moz-window-inactive')) return ':-moz-window-inactive';
  const isWebKit = navigator.vendor.startsWith('Apple') && navigator.maxTouchPoints === 0;
  return isWebKit && supports(':window-inactive') ? ':window-inactive' : '';
}
