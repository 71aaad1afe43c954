import { basePath } from './base-path.ts';
import type { Login } from './login-store.ts';

type Message =
  | { readonly type: 'renewed'; readonly login: Login }
  | { readonly type: 'asked'; readonly loginId: string; readonly issuedAt: number }
  | { readonly type: 'ended'; readonly userId: string }
  /** By a tab of a staff page without a login, and its answer. */
  | { readonly type: 'wanted'; readonly asker: string }
  | { readonly type: 'offered'; readonly asker: string; readonly login: Login | undefined };

export interface LoginTabsListener {
  /** Another tab of the same login has newer tokens. */
  renewed(login: Login): void;
  /** The user logged out in another tab. */
  ended(userId: string): void;
  /** This tab's login. */
  current(): Login | undefined;
}

const CHANNEL = `invigil.login${basePath}`;
/** Held by every tab, so that one that asks knows how many answers to expect. */
const PRESENCE = `${CHANNEL}.tab`;
/** How long to wait for answers of other tabs, ms; suspended tabs do not answer. */
const ANSWER_MS = 150;
/** The same while tabs that are there have not answered, ms: a busy machine is slow to run those in the background. */
const MISSING_ANSWERS_MS = 3000;
/** A tab that holds the lock for longer has been suspended, ms: its own request ends after 15 s. */
const LOCK_MS = 20_000;

/**
 * Coordinates the tabs of one browser. A duplicated tab shares its original's tokens, and each renewal replaces them:
 * one tab renews at a time and sends the new tokens to the others. Messages stay in memory, within the browser and the
 * origin.
 */
export class LoginTabs {
  readonly #listener: LoginTabsListener;
  readonly #channel: BroadcastChannel | undefined;
  /** While this tab asks for a login: its name, and the answers. */
  #asking: { readonly asker: string; readonly offers: (Login | undefined)[]; answered: () => void } | undefined;

  constructor(listener: LoginTabsListener) {
    this.#listener = listener;
    this.#channel = openChannel();
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#heard(data));
    void announce();
  }

  /** Runs `work` in one tab of a login at a time. Without locks, only the server's rule C10 protects. */
  async alone<T>(loginId: string, work: () => Promise<T>): Promise<T> {
    let began = false;
    const begin = () => {
      began = true;
      return work();
    };
    try {
      const manager = locks();
      if (!manager) return await begin();
      return await manager.request(`${CHANNEL}.${loginId}`, { signal: AbortSignal.timeout(LOCK_MS) }, begin);
    } catch (error) {
      if (began) throw error;
      // Refused where site data is blocked, or held by a tab that is suspended.
      return work();
    }
  }

  /** Asks the other tabs for newer tokens: this tab may have been suspended during a renewal. */
  async ask({ id, issuedAt }: Login): Promise<void> {
    if (!this.#channel) return;
    this.#tell({ type: 'asked', loginId: id, issuedAt });
    await delay(ANSWER_MS);
  }

  /**
   * Asks the other tabs for the login of their staff. Undefined if there is none, or if they are of several people: only
   * this tab's user knows whose it should be.
   */
  async join(): Promise<Login | undefined> {
    if (!this.#channel) return undefined;
    const offers: (Login | undefined)[] = [];
    const asker = crypto.getRandomValues(new Uint32Array(4)).join('.');
    const others = await otherTabs();
    const all = new Promise<void>((resolve) => {
      this.#asking = { asker, offers, answered: () => offers.length === others && resolve() };
    });
    this.#tell({ type: 'wanted', asker });
    if (others !== 0) await Promise.race([all, delay(others === undefined ? ANSWER_MS : MISSING_ANSWERS_MS)]);
    this.#asking = undefined;
    const logins = offers.filter((login) => login !== undefined);
    const newest = logins.toSorted((a, b) => b.issuedAt - a.issuedAt)[0];
    return logins.every(({ user }) => user.id === newest?.user.id) ? newest : undefined;
  }

  tellRenewed(login: Login): void {
    this.#tell({ type: 'renewed', login });
  }

  tellEnded(userId: string): void {
    this.#tell({ type: 'ended', userId });
  }

  #tell(message: Message): void {
    try {
      this.#channel?.postMessage(message);
    } catch {
      // Closed by the browser: this tab goes on alone.
    }
  }

  #heard(message: Message): void {
    if (message.type === 'offered') {
      if (message.asker !== this.#asking?.asker) return;
      this.#asking.offers.push(message.login);
      this.#asking.answered();
      return;
    }
    const current = this.#listener.current();
    if (message.type === 'wanted') {
      // Students sit at machines of others, in one tab: their logins stay in it.
      const login = current?.user.role === 'student' ? undefined : current;
      this.#tell({ type: 'offered', asker: message.asker, login });
      return;
    }
    if (!current) return;
    if (message.type === 'ended') {
      if (message.userId === current.user.id) this.#listener.ended(message.userId);
    } else if (message.type === 'renewed') {
      if (message.login.id === current.id && message.login.issuedAt > current.issuedAt)
        this.#listener.renewed(message.login);
    } else if (message.loginId === current.id && current.issuedAt > message.issuedAt) this.tellRenewed(current);
  }
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Locks need a secure context: over plain HTTP on a local network there are none. */
const locks = () => (globalThis.navigator as Navigator | undefined)?.locks;

/** Says that this tab is there, for as long as it is. */
async function announce(): Promise<void> {
  try {
    await locks()?.request(PRESENCE, { mode: 'shared' }, () => new Promise<never>(() => undefined));
  } catch {
    // Where site data is blocked.
  }
}

/** How many other tabs have this origin open; undefined where the browser does not tell. */
async function otherTabs(): Promise<number | undefined> {
  try {
    const { held } = (await locks()?.query()) ?? {};
    // This tab's own lock may not have been granted yet, but its request came first.
    return held && Math.max(0, held.filter(({ name }) => name === PRESENCE).length - 1);
  } catch {
    // Where site data is blocked.
    return undefined;
  }
}

/** Throws where site data is blocked. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return undefined;
  }
}
