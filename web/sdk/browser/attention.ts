import type { Absence } from './fullscreen-exit.ts';
import type { Report } from './report.ts';

/** A tab switch blurs the window and hides the page a moment later; the browser's own bubbles blur it briefly. ms */
export const BLUR_MS = 1_000;
/** A dialog that was asked for blurs the window within this time, or it did not open. ms */
const OPENS_WITHIN_MS = 3_000;

/** Looks come every 250 ms. Between two that are further apart a dialog, a debugger or a sleep stopped the page. ms */
const STOPPED_MS = 2_000;

/** Parts of the browser that take the focus of the page, and how long each explains a missing focus, ms. */
const EXPLAINS_MS = {
  file_picker: 120_000,
  color_picker: 120_000,
  permission: 120_000,
  print: 120_000,
  find: 30_000,
  address_bar: 30_000,
} as const;
export type Dialog = keyof typeof EXPLAINS_MS;
/** Windows of their own, which can cover the page. */
const COVERS: ReadonlySet<Dialog> = new Set<Dialog>(['file_picker', 'print']);
/** Bars and menus are closed after a while; a side panel or a page beside this one is not. ms */
const BROWSER_EXPLAINS_MS = 30_000;

export interface Look {
  readonly visible: boolean;
  /** The page or one of its frames has the focus (`document.hasFocus()`). */
  readonly focused: boolean;
  /** The window of the browser is in front, whatever in it has the focus; undefined where the browser does not tell. */
  readonly windowActive?: boolean | undefined;
}

interface Excuse {
  readonly askedAt: number;
  /** The dialog has closed; the focus should come back. */
  closedAt: number | undefined;
  /** The window was blurred by it. */
  used: boolean;
}

/**
 * Decides from looks at the page whether the student is away: hidden at once, without focus after a second, unless a
 * dialog of the browser explains it (a hidden page only if the dialog can cover it). Each absence is reported when it
 * begins, and its length when it ends. Times are of a monotonic clock, ms.
 */
export class Attention {
  readonly #report: Report;
  #last: Look | undefined;
  #lookedAt: number | undefined;
  /** A page that was never in focus has not lost it. */
  #hadFocus = false;
  #hiddenSince: number | undefined;
  #hiddenReported = false;
  #blurredSince: number | undefined;
  #blurReported = false;
  /** Last look at a window in front without focus on the page. */
  #activeAt: number | undefined;
  /** Several can be open at once: a question for the camera beside a file picker. */
  readonly #excuses = new Map<Dialog, Excuse>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** The absence that is going on, explained or not. */
  get absence(): Absence | undefined {
    if (this.#hiddenSince !== undefined)
      return {
        since: Math.min(this.#hiddenSince, this.#blurredSince ?? Infinity),
        reported: this.#hiddenReported || this.#blurReported,
      };
    return this.#blurredSince === undefined ? undefined : { since: this.#blurredSince, reported: this.#blurReported };
  }

  /** The last look, with the part of the browser that explains an absence which is therefore not reported. */
  get state(): { readonly visible: boolean; readonly focused: boolean | null; readonly explained?: string } {
    const { visible, focused } = this.#last ?? { visible: true, focused: true };
    // A page that has not had the focus has not lost it.
    if (visible && (focused || !this.#hadFocus)) return { visible, focused: focused || null };
    const since = visible ? this.#blurredSince : this.#hiddenSince;
    if (since === undefined || (visible ? this.#blurReported : this.#hiddenReported)) return { visible, focused };
    const dialog = this.#explained(since, (name) => visible || COVERS.has(name))?.dialog;
    const explained = dialog ?? (this.#activeAt === undefined ? undefined : 'browser');
    return { visible, focused, ...(explained !== undefined && { explained }) };
  }

  look(found: Look, now: number): void {
    const { visible, focused, windowActive } = found;
    this.#last = found;
    const first = this.#lookedAt === undefined;
    const stopped = now - (this.#lookedAt ?? now) > STOPPED_MS;
    this.#lookedAt = now;
    // Nothing is known of that time, and the focus comes back later than the page.
    if (stopped && !this.#blurReported) this.#blurredSince = this.#activeAt = undefined;
    if (!visible) return this.#hidden(now, first);
    if (this.#hiddenSince !== undefined) {
      if (this.#hiddenReported) this.#returned('TAB_SWITCH', this.#hiddenSince, now);
      this.#hiddenSince = undefined;
      this.#hiddenReported = false;
    }
    if (focused) return this.#focused(now);
    if (this.#hadFocus) this.#blurred(now, windowActive === true);
  }

  /** The page opens a dialog of the browser, or the student does with a key. */
  opens(dialog: Dialog, now: number): void {
    this.#excuses.set(dialog, { askedAt: now, closedAt: undefined, used: this.#blurredSince !== undefined });
  }

  closes(dialog: Dialog, now: number): void {
    const excuse = this.#excuses.get(dialog);
    if (excuse) excuse.closedAt ??= now;
  }

  #hidden(now: number, first: boolean): void {
    if (this.#hiddenReported) return;
    this.#hiddenSince ??= now;
    // A page that is covered as a whole counts as hidden.
    for (const [dialog, excuse] of this.#excuses) if (COVERS.has(dialog)) excuse.used = true;
    const explained = this.#explained(this.#hiddenSince, (dialog) => COVERS.has(dialog));
    if (explained && now - explained.until < BLUR_MS) return;
    this.#hiddenReported = true;
    // One absence that has not been reported as a blur is not reported twice.
    if (!this.#blurReported) this.#blurredSince = this.#activeAt = undefined;
    const data = { ...(first && { fromStart: true }), ...(explained && { after: explained.dialog }) };
    this.#report('TAB_SWITCH', first || explained ? data : undefined);
  }

  #focused(now: number): void {
    this.#hadFocus = true;
    if (this.#blurReported) this.#returned('WINDOW_BLUR', this.#blurredSince ?? now, now);
    this.#blurReported = false;
    this.#blurredSince = this.#activeAt = undefined;
    for (const [dialog, excuse] of this.#excuses)
      if (excuse.used || now - excuse.askedAt > OPENS_WITHIN_MS) this.#excuses.delete(dialog);
  }

  #blurred(now: number, windowActive: boolean): void {
    this.#blurredSince ??= now;
    if (this.#blurReported) return;
    if (windowActive) this.#activeAt = now;
    for (const excuse of this.#excuses.values()) excuse.used = true;
    const since = this.#blurredSince;
    const explained = this.#explained(since, () => true);
    const browserUntil = Math.min(this.#activeAt ?? since, since + BROWSER_EXPLAINS_MS);
    if (now - Math.max(explained?.until ?? since, browserUntil) < BLUR_MS) return;
    this.#blurReported = true;
    const after = explained?.dialog ?? (windowActive ? 'browser' : undefined);
    this.#report('WINDOW_BLUR', after === undefined ? undefined : { after });
  }

  /** The dialog of these that explains an absence for longest, and until when it does. */
  #explained(
    since: number,
    counts: (dialog: Dialog) => boolean,
  ): { readonly dialog: Dialog; readonly until: number } | undefined {
    let longest: { dialog: Dialog; until: number } | undefined;
    for (const [dialog, { askedAt, closedAt }] of this.#excuses) {
      const until = closedAt ?? askedAt + EXPLAINS_MS[dialog];
      if (counts(dialog) && until > (longest?.until ?? since)) longest = { dialog, until };
    }
    return longest;
  }

  #returned(after: string, since: number, now: number): void {
    this.#report('RETURNED_TO_EXAM', { after, durationMs: Math.max(0, Math.round(now - since)) });
  }
}
