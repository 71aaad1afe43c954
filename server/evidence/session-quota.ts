import { countEvidenceBytes } from '../../db/evidence.ts';
import type { Db } from '../../db/executor.ts';

/**
 * Maximum of stored pictures of one session, bytes: some 1,400 of usual size. A camera that is covered again and again
 * cannot fill the disk.
 */
const SESSION_BYTES = 64 * 1024 * 1024;
/** Sessions that are remembered; of a forgotten one the database is asked again. */
const MOST_SESSIONS = 10_000;

/** Bytes of each session in the store. */
export class SessionQuota {
  readonly #db: Db;
  readonly #limit: number;
  readonly #bytes = new Map<string, number>();

  constructor(db: Db, limit = SESSION_BYTES) {
    this.#db = db;
    this.#limit = limit;
  }

  /** Reserves bytes. @returns whether there was room. @throws the database's error */
  async take(session: string, bytes: number): Promise<boolean> {
    const stored = this.#bytes.get(session) ?? (await countEvidenceBytes(this.#db, session));
    // Others of the session may have been first meanwhile.
    const used = this.#bytes.get(session) ?? stored;
    if (used + bytes > this.#limit) return false;
    if (this.#bytes.size >= MOST_SESSIONS) this.#bytes.clear();
    this.#bytes.set(session, used + bytes);
    return true;
  }
}
