import type { Login } from './login-store.ts';

type Message =
  | { readonly type: 'renewed'; readonly login: Login }
  | { readonly type: 'asked'; readonly loginId: string; readonly issuedAt: number }
  | { readonly type: 'ended'; readonly userId: string };

export interface LoginTabsListener {
  /** Another tab of a login has newer tokens of it. */
  renewed(login: Login): void;
  /** Somebody logged out in another tab. */
  ended(userId: string): void;
  /** This tab's login. */
  current(): Login | undefined;
}

const CHANNEL = 'invigil.login';
/** Other tabs answer within this, ms; those that sleep do not count. */
const ANSWER_MS = 150;

/**
 * The tabs of one browser. A duplicated tab has its original's tokens, of which each renewal makes new ones: one tab
 * renews at a time, and tells the others. What they tell each other stays within the browser and the origin, and in
 * memory.
 */
export class LoginTabs {
  readonly #listener: LoginTabsListener;
  readonly #channel: BroadcastChannel | undefined;

  constructor(listener: LoginTabsListener) {
    this.#listener = listener;
    this.#channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL);
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#heard(data));
  }

  /** One tab at a time, of those of one login. Browsers without locks have the server's rule alone (C10). */
  async alone<T>(loginId: string, work: () => Promise<T>): Promise<T> {
    const locks = (globalThis.navigator as Navigator | undefined)?.locks;
    // Locks are for secure contexts: an exam on a plain address of a local network has none.
    return locks ? await locks.request(`${CHANNEL}.${loginId}`, work) : work();
  }

  /** Waits for the tabs that are awake to tell of newer tokens: this one may have slept through it. */
  async ask({ id, issuedAt }: Login): Promise<void> {
    if (!this.#channel) return;
    this.#channel.postMessage({ type: 'asked', loginId: id, issuedAt } satisfies Message);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  }

  tellRenewed(login: Login): void {
    this.#channel?.postMessage({ type: 'renewed', login } satisfies Message);
  }

  tellEnded(userId: string): void {
    this.#channel?.postMessage({ type: 'ended', userId } satisfies Message);
  }

  #heard(message: Message): void {
    const current = this.#listener.current();
    if (!current) return;
    if (message.type === 'ended') {
      if (message.userId === current.user.id) this.#listener.ended(message.userId);
    } else if (message.type === 'renewed') {
      if (message.login.id === current.id && message.login.issuedAt > current.issuedAt)
        this.#listener.renewed(message.login);
    } else if (message.loginId === current.id && current.issuedAt > message.issuedAt) this.tellRenewed(current);
  }
}
