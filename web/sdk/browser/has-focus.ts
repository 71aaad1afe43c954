/**
 * Whether a document of this window has the focus: the page, one of its frames (of any origin), or a page around it.
 * Undefined: a page of another origin is around this one, and only that page could tell a click beside this frame from
 * leaving the window.
 */
export function hasFocus(): boolean | undefined {
  // True also while a frame inside has the focus.
  if (document.hasFocus()) return true;
  if (window.parent === window) return false;
  try {
    return window.top!.document.hasFocus();
  } catch {
    return undefined;
  }
}
