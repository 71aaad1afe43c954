/** Controls that can take the focus. */
const CONTROLS = ['button', 'a[href]', 'input', 'select', 'textarea', 'summary'].join();
const ROWS = ['tr', 'li'].join();
const HEADINGS = ['h1', 'h2', 'h3'].join();
/** After the last change: pages that open put the focus themselves, ms. */
const SETTLE_MS = 60;

/** Where a removed element was. */
interface Gap {
  readonly parent: Element;
  /** Rows around it. */
  readonly rows: readonly Node[];
}

let held: Element | undefined;
let gap: Gap | undefined;

/** Gives the focus to a control, as soon as it takes it: it can be disabled while the server works. */
export function returnFocus(to: HTMLElement): void {
  held = to;
  gap = undefined;
  to.focus({ preventScroll: true });
}

/**
 * Keeps the place of people who use a keyboard or a screen reader. When the focused control is disabled while the
 * server works, the focus returns to it; when its row is gone, it goes to a row beside it, or else to the heading above.
 * Otherwise it would fall to the beginning of the page.
 */
export function keepFocus(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settle = () => {
    if (!held || !isLost()) return;
    const to = held.isConnected ? held : gap && placeIn(gap);
    // A control of a row may be disabled until the list is read again: the next change looks anew.
    if (to) focus(to);
  };
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    held = target;
    gap = undefined;
  });
  // A click beside everything gives the focus up.
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Element && !target.closest([CONTROLS, 'label', '[tabindex]'].join())) held = undefined;
  });
  new MutationObserver((records) => {
    if (!held) return;
    for (const record of records) gap = gapOf(record, gap?.parent ?? held) ?? gap;
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLE_MS);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
}

const isLost = () => document.activeElement === null || document.activeElement === document.body;

/** The place that a change took away, if it was the one of the lost element. */
function gapOf({ removedNodes, target, nextSibling, previousSibling }: MutationRecord, lost: Element): Gap | undefined {
  for (const node of removedNodes)
    if (node.contains(lost) && target instanceof Element)
      return {
        parent: target,
        rows:
          node instanceof Element && node.matches(ROWS)
            ? [nextSibling, previousSibling].filter((each) => each !== null)
            : [],
      };
  return undefined;
}

function placeIn({ parent, rows }: Gap): HTMLElement | undefined {
  if (!parent.isConnected) return headingAbove(document.querySelector('main') ?? document.body);
  for (const row of rows) {
    if (!(row instanceof Element) || !row.isConnected) continue;
    // The acts of a row stand at its end.
    const control = [...row.querySelectorAll<HTMLElement>(CONTROLS)].at(-1);
    if (control) return control;
  }
  return headingAbove(parent);
}

/** Of the innermost part of the page that has one. */
function headingAbove(from: Element): HTMLElement | undefined {
  const modal = document.querySelector('dialog[open]');
  for (let part: Element | null = modal && !modal.contains(from) ? modal : from; part; part = part.parentElement) {
    const heading = part.querySelector<HTMLElement>(HEADINGS);
    if (heading) return heading;
  }
  return undefined;
}

function focus(element: Element): void {
  if (!(element instanceof HTMLElement) || element.matches(':disabled')) return;
  if (element.matches(HEADINGS)) element.tabIndex = -1;
  element.focus({ preventScroll: element.matches(HEADINGS) });
}
