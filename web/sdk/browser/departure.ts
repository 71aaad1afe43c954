import type { KnownSignal } from '../../../protocol/event-types.ts';

/** A page that comes back within this time was reloaded, or is the next page of the exam. ms */
export const NEXT_PAGE_MS = 10_000;
/** A navigation that has not replaced the page within this time was a download, or was refused. ms */
const NAVIGATES_WITHIN_MS = 30_000;

/** Left by a page for the next one. `at`: ms since 1970; `told`: PAGE_LEFT is already reported. */
export interface Departure {
  readonly at: number;
  readonly told: boolean;
}

interface Returned {
  readonly type: KnownSignal;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What a page reports about the one before it.
 * @param now when this page began to load
 * @param reloaded the browser says that this page is a reload
 */
export function onReturn(left: Departure, now: number, reloaded: boolean): Returned | undefined {
  const durationMs = Math.max(0, Math.round(now - left.at));
  if (left.told) return { type: 'RETURNED_TO_EXAM', data: { after: 'PAGE_LEFT', durationMs } };
  return reloaded || durationMs < NEXT_PAGE_MS ? undefined : { type: 'PAGE_LEFT', data: { durationMs } };
}

/** A navigation as the Navigation API announces it: https://html.spec.whatwg.org/multipage/nav-history-apis.html */
export interface Navigation {
  readonly navigationType: string;
  readonly hashChange: boolean;
  readonly downloadRequest: string | null;
  readonly destination: { readonly url: string; readonly sameDocument: boolean };
}

/** Whether a navigation, if it succeeds, leaves the exam. @param pages URL that the addresses of its pages begin with */
export const leaves = ({ navigationType, downloadRequest, destination }: Navigation, pages: string): boolean =>
  navigationType !== 'reload' &&
  downloadRequest === null &&
  !destination.sameDocument &&
  /^https?:/.test(destination.url) &&
  !destination.url.startsWith(pages);

/** Newest navigation of the page. Times are of a monotonic clock, ms. */
export class Navigations {
  readonly #pages: string;
  #leavesAt: number | undefined;

  constructor(pages: string) {
    this.#pages = pages;
  }

  began(navigation: Navigation, now: number): void {
    if (navigation.destination.sameDocument) return;
    this.#leavesAt = leaves(navigation, this.#pages) ? now : undefined;
  }

  /** The page is used: a navigation was refused, by the student or as a download. */
  stays(): void {
    this.#leavesAt = undefined;
  }

  /** Whether the page that goes away now is left for another site, as far as the browser tells. */
  isLeaving(now: number): boolean {
    return this.#leavesAt !== undefined && now - this.#leavesAt <= NAVIGATES_WITHIN_MS;
  }
}
