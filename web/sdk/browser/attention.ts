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

/** `focused`: the page or one of its frames has the focus (`document.hasFocus()`). */
export interface Look {
  readonly visible: boolean;
  readonly focused: boolean;
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
 * dialog of the browser explains it. Each absence is reported when it begins, and its length when it ends. Times are of
 * a monotonic clock, ms.
 */
export class Attention {
  readonly #report: Report;
  #lookedAt: number | undefined;
  /** A page that was never in focus has not lost it. */
  #hadFocus = false;
  #hiddenSince: number | undefined;
  #blurredSince: number | undefined;
  #blurReported = false;
  /** Several can be open at once: a question for the camera beside a file picker. */
  readonly #excuses = new Map<Dialog, Excuse>();

  constructor(report: Report) {
    this.#report = report;
  }

  look({ visible, focused }: Look, now: number): void {
    const first = this.#lookedAt === undefined;
    const stopped = now - (this.#lookedAt ?? now) > STOPPED_MS;
    this.#lookedAt = now;
    // Nothing is known of that time, and the focus comes back later than the page.
    if (stopped && !this.#blurReported) this.#blurredSince = undefined;
    if (!visible) return this.#hidden(now, first);
    if (this.#hiddenSince !== undefined) {
      this.#returned('TAB_SWITCH', this.#hiddenSince, now);
      this.#hiddenSince = undefined;
    }
    if (focused) return this.#focused(now);
    if (this.#hadFocus) this.#blurred(now);
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
    if (this.#hiddenSince !== undefined) return;
    this.#hiddenSince = now;
    // One absence that has not been reported as a blur is not reported twice.
    if (!this.#blurReported) this.#blurredSince = undefined;
    this.#report('TAB_SWITCH', first ? { fromStart: true } : undefined);
  }

  #focused(now: number): void {
    this.#hadFocus = true;
    if (this.#blurReported) this.#returned('WINDOW_BLUR', this.#blurredSince ?? now, now);
    this.#blurReported = false;
    this.#blurredSince = undefined;
    for (const [dialog, excuse] of this.#excuses)
      if (excuse.used || now - excuse.askedAt > OPENS_WITHIN_MS) this.#excuses.delete(dialog);
  }

  #blurred(now: number): void {
    this.#blurredSince ??= now;
    if (this.#blurReported) return;
    for (const excuse of this.#excuses.values()) excuse.used = true;
    const explained = this.#explained(this.#blurredSince);
    if (now - (explained?.until ?? this.#blurredSince) < BLUR_MS) return;
    this.#blurReported = true;
    this.#report('WINDOW_BLUR', explained && { after: explained.dialog });
  }

  /** The dialog that explains the missing focus for longest, and until when it does. */
  #explained(blurredSince: number): { readonly dialog: Dialog; readonly until: number } | undefined {
    let longest: { dialog: Dialog; until: number } | undefined;
    for (const [dialog, { askedAt, closedAt }] of this.#excuses) {
      const until = closedAt ?? askedAt + EXPLAINS_MS[dialog];
      if (until > (longest?.until ?? blurredSince)) longest = { dialog, until };
    }
    return longest;
  }

  #returned(after: string, since: number, now: number): void {
    this.#report('RETURNED_TO_EXAM', { after, durationMs: Math.max(0, Math.round(now - since)) });
  }
}
