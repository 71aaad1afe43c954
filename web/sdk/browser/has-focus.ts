import { windowActive } from './window-active.ts';

/**
 * Whether a document of this window has the focus: the page, one of its frames (of any origin), or a page around it.
 * With a page of another origin around this one, a click beside this frame takes the focus, too: whether the window is in
 * front then, and undefined where the browser does not tell.
 */
export function hasFocus(): boolean | undefined {
  // True also while a frame inside has the focus.
  if (document.hasFocus()) return true;
  if (window.parent === window) return false;
  try {
    return window.top!.document.hasFocus();
  } catch {
    return windowActive();
  }
}
