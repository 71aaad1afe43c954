/** A browser driven by its vendor's WebDriver, and not by Playwright: see `firefox.ts` and `webkit.ts`. */
export interface DrivenBrowser {
  readonly name: 'Firefox' | 'WebKitGTK';
  readonly version: string;
  /** Title of its empty window, in which nothing is opened. */
  readonly blankTitle: string;
  /** Middle of its address bar, pixels below the top of a window. */
  readonly barHeight: number;
  /** Opens a page in a window of its own. */
  open(url: string): Promise<DrivenPage>;
  close(): Promise<void>;
}

export interface DrivenPage {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  back(): Promise<void>;
  /** Value of an expression; promises are awaited. It must survive JSON. */
  evaluate<T = unknown>(expression: string): Promise<T>;
  /** Clicks the middle of an element of the page, also a frame, with a real pointer. */
  click(selector: string, button?: 'left' | 'right'): Promise<void>;
  /** Types a key into the focused element, with modifiers held: `press('Control', 'c')`. */
  press(...keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Keys as WebDriver codes them: https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEYS: Readonly<Record<string, string>> = { Control: '\uE009', Enter: '\uE007', Escape: '\uE00C' };

export function keyActions(keys: readonly string[]): object[] {
  const codes = keys.map((key) => KEYS[key] ?? key);
  return [
    ...codes.map((value) => ({ type: 'keyDown', value })),
    ...codes.toReversed().map((value) => ({ type: 'keyUp', value })),
  ];
}

export function clickActions(x: number, y: number, button: 'left' | 'right'): object[] {
  const pressed = { button: button === 'left' ? 0 : 2 };
  return [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
    { type: 'pointerDown', ...pressed },
    { type: 'pointerUp', ...pressed },
  ];
}

/** Expression of the middle of an element that is scrolled into view. */
export const middleOf = (selector: string): string => `(() => {
  const element = document.querySelector(${JSON.stringify(selector)});
  element.scrollIntoView({ block: 'center' });
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
})()`;
