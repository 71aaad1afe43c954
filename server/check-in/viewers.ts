import type { Db } from '../../db/executor.ts';
import { findUsers } from '../../db/users.ts';
import { CHECK_IN_POLL_SECONDS } from '../../protocol/check-in-bounds.ts';
import { type Member, MOST_VIEWERS } from '../../protocol/team.ts';
import type { Clock } from '../clock.ts';

/** Pages read an open check-in every few seconds: after so long without, it is no longer open. */
const OPEN_MS = 3 * CHECK_IN_POLL_SECONDS * 1000;

interface Look {
  readonly member: Member;
  /** Server ms. */
  readonly at: number;
}

/** Staff who have a check-in open now, in the memory of this process. */
export class CheckInViewers {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #looks = new Map<string, Map<string, Look>>();

  constructor({ db, clock }: { readonly db: Db; readonly clock: Clock }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Somebody reads the check-in. */
  async look(checkIn: string, userId: string): Promise<void> {
    const [user] = await findUsers(this.#db, [userId]);
    if (!user) return;
    const at = this.#clock();
    this.#forget(at);
    const looks = this.#looks.get(checkIn) ?? new Map<string, Look>();
    looks.set(userId, { member: { id: userId, name: user.name }, at });
    this.#looks.set(checkIn, looks);
  }

  /** Those who have it open now, but for the reader. */
  of(checkIn: string, reader: string): Member[] {
    const now = this.#clock();
    return [...(this.#looks.get(checkIn)?.values() ?? [])]
      .filter(({ member, at }) => member.id !== reader && isOpen(at, now))
      .slice(0, MOST_VIEWERS)
      .map(({ member }) => member);
  }

  /** What is held is bounded by what staff have read within seconds. */
  #forget(now: number): void {
    for (const [checkIn, looks] of this.#looks) {
      for (const [user, { at }] of looks) if (!isOpen(at, now)) looks.delete(user);
      if (looks.size === 0) this.#looks.delete(checkIn);
    }
  }
}

/** A clock that was set back keeps nobody. */
const isOpen = (at: number, now: number): boolean => Math.abs(now - at) <= OPEN_MS;
