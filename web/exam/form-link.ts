import type { EndReason } from '../../protocol/down.ts';

/** Time that a form has for storing its answers before the exam ends, ms. */
const SAVE_MS = 10_000;

/**
 * Sent to the embedded form with `postMessage` when it has loaded, when it says `ready`, and at each change. Documented
 * in docs/sdk.md.
 */
export interface FormState {
  readonly source: 'invigil';
  readonly type: 'state';
  /** `finishing`: the student is handing in; the exam ends once the answers are saved, or after 10 s. */
  readonly state: 'running' | 'paused' | 'finishing' | 'ended';
  /** Reason of a pause given by the proctor. */
  readonly pauseReason: string | null;
  /** ISO 8601; null without a time limit. */
  readonly deadline: string | null;
  /** Time until the deadline by the server's clock, ms; null without a time limit. */
  readonly remainingMs: number | null;
  readonly endReason: EndReason | null;
}

/** Sent by the form. `saves`: it wants to store answers before the exam ends and says `saved` after that. */
type FormMessage =
  | { readonly source: 'invigil-form'; readonly type: 'ready'; readonly saves?: boolean }
  | { readonly source: 'invigil-form'; readonly type: 'saved' };

const isFormMessage = (data: unknown): data is FormMessage =>
  typeof data === 'object' && data !== null && (data as { source?: unknown }).source === 'invigil-form';

/** Connection to an exam form of the same origin in an `iframe`. */
export class FormLink {
  #frame: HTMLIFrameElement | null = null;
  #state: FormState | undefined;
  #saves = false;
  #saved: (() => void) | undefined;

  /** Starts to listen. @returns stops it */
  listen(): () => void {
    const heard = ({ source, origin, data }: MessageEvent<unknown>) => {
      // Other frames and windows may send messages, too.
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== location.origin || !isFormMessage(data))
        return;
      if (data.type === 'saved') return this.#saved?.();
      this.#saves = data.saves === true;
      this.#send();
    };
    addEventListener('message', heard);
    return () => removeEventListener('message', heard);
  }

  readonly use = (frame: HTMLIFrameElement | null): void => {
    this.#frame = frame;
  };

  /** The frame has loaded a document, maybe another one. */
  readonly loaded = (): void => {
    this.#send();
  };

  tell(state: Omit<FormState, 'source' | 'type'>): void {
    this.#state = { source: 'invigil', type: 'state', ...state };
    this.#send();
  }

  /** Sends a state and resolves once the form has saved, at once if it does not, and after 10 s in any case. */
  async tellAndSave(state: Omit<FormState, 'source' | 'type'>): Promise<void> {
    const saved = new Promise<void>((resolve) => (this.#saved = resolve));
    this.tell(state);
    if (!this.#frame || !this.#saves) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([saved, new Promise<void>((resolve) => (timer = setTimeout(resolve, SAVE_MS)))]);
    clearTimeout(timer);
  }

  #send(): void {
    if (this.#state) this.#frame?.contentWindow?.postMessage(this.#state, location.origin);
  }
}
