/**
 * Documents of a window's frames, at any depth, as far as they are of the same origin. Those of other origins, and of
 * sandboxed frames, throw on access and are left out.
 */
export function frameDocuments(root: Document): Document[] {
  const found: Document[] = [];
  const visit = (doc: Document) => {
    for (const frame of doc.querySelectorAll<HTMLIFrameElement | HTMLFrameElement>('iframe, frame')) {
      const inner = documentOf(frame);
      if (!inner) continue;
      found.push(inner);
      visit(inner);
    }
  };
  visit(root);
  return found;
}

/** Null for another origin. */
function documentOf(frame: HTMLIFrameElement | HTMLFrameElement): Document | null {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

/** Whether a frame's document is closed to this page. */
export const isForeign = (frame: Element): boolean => documentOf(frame as HTMLIFrameElement) === null;
