import type { Executor } from '../../db/executor.ts';
import { addSessionKey, findSessionKey } from '../../db/evidence.ts';
import { newSessionKey, unwrapKey, wrapKey } from './cipher.ts';

/** Keys of sessions that are written to now, at most; the others are read again when they are needed. */
const MOST = 2000;

/** The sessions' keys, made when a session has its first picture, wrapped by the master key. */
export class SessionKeys {
  readonly #db: Executor;
  readonly #master: Uint8Array;
  readonly #known = new Map<string, Promise<Uint8Array>>();

  constructor(db: Executor, master: Uint8Array) {
    this.#db = db;
    this.#master = master;
  }

  /** To write with. @throws SealError when the session's key was wrapped by another master key */
  forWriting(session: string): Promise<Uint8Array> {
    const known = this.#known.get(session);
    if (known) return known;
    const key = this.#make(session);
    key.catch(() => this.#known.delete(session));
    this.#known.set(session, key);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return key;
  }

  /**
   * To read with: never from memory, since a key that was deleted has to be gone. Undefined: there is none any more.
   * @throws SealError
   */
  async forReading(session: string): Promise<Uint8Array | undefined> {
    const wrapped = await findSessionKey(this.#db, session);
    return wrapped && unwrapKey(this.#master, session, wrapped);
  }

  async #make(session: string): Promise<Uint8Array> {
    const there = await this.forReading(session);
    if (there) return there;
    const made = wrapKey(this.#master, session, newSessionKey());
    return unwrapKey(this.#master, session, await addSessionKey(this.#db, session, made));
  }
}
