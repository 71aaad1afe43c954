import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../../db/audit/append.ts';
import { saltedDigest } from '../../../db/audit/hash.ts';
import type { Db } from '../../../db/executor.ts';
import { findNote, insertNote, lockTeam, type NoteRow, saveTeam } from '../../../db/session-team.ts';
import type { Viewer } from '../../../db/visibility.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Team } from '../../../protocol/team.ts';
import { checkGivenTo, staffSession } from '../../access/session-access.ts';
import type { Clock } from '../../clock.ts';
import type { TeamDesk } from './team-desk.ts';

export interface TeamActsParts {
  readonly db: Db;
  readonly desk: Pick<TeamDesk, 'refresh'>;
  readonly clock: Clock;
}

/**
 * Acts of staff who share sessions. Those on one session have one order, that of the row's lock, and each is recorded in
 * the audit log under the person's name. Consoles are told after COMMIT.
 */
export class TeamActs {
  readonly #parts: TeamActsParts;

  constructor(parts: TeamActsParts) {
    this.#parts = parts;
  }

  /**
   * Somebody has seen a running session. @param attention that they saw
   * @throws ProtocolError `session_over`, or as `staffSession`
   */
  async seen(session: string, who: Viewer, attention: number): Promise<Team> {
    const { db, clock, desk } = this.#parts;
    await this.#running(session, who);
    await db.transaction().execute(async (tx) => {
      await lockTeam(tx, session);
      const at = new Date(clock());
      await saveTeam(tx, session, { seen_by: who.userId, seen_at: at, seen_attention: attention });
      await appendAudit(tx, {
        type: 'SESSION_SEEN',
        entityId: session,
        actor: who.userId,
        at,
        payload: { attention },
      });
    });
    return desk.refresh(session);
  }

  /**
   * Takes a session, hands it over to a colleague, or releases it.
   * @param holder as the person knows; null: nobody
   * @throws ProtocolError `claim_changed`, `session_over`, `not_found` for a colleague who may not command it, or as
   *   `staffSession`
   */
  async claim(session: string, who: Viewer, to: string | null, holder: string | null): Promise<Team> {
    const { db, clock, desk } = this.#parts;
    await this.#running(session, who);
    await db.transaction().execute(async (tx) => {
      if (to !== null && to !== who.userId)
        await checkGivenTo(tx, to, { sessions: [session], use: 'command' }, () => noColleague(to));
      const before = (await lockTeam(tx, session)).claimed_by;
      if (before !== holder) throw claimChanged(session);
      if (before === to) return;
      const at = new Date(clock());
      await saveTeam(tx, session, {
        claimed_by: to,
        claimed_at: to === null ? null : at,
        claimed_from: to === null || to === who.userId ? null : who.userId,
      });
      await appendAudit(tx, {
        type: 'SESSION_CLAIMED',
        entityId: session,
        actor: who.userId,
        at,
        payload: { to, before },
      });
    });
    return desk.refresh(session);
  }

  /** Adds an internal note. @throws ProtocolError as `staffSession` */
  async note(session: string, who: Viewer, text: string): Promise<NoteRow> {
    const { db, clock, desk } = this.#parts;
    await staffSession(db, session, who, 'review');
    const id = await db.transaction().execute(async (tx) => {
      const { notes } = await lockTeam(tx, session);
      // Under the lock: the newest note is the last one in the audit log, too.
      const [note, at, salt] = [uuidv7(), new Date(clock()), randomBytes(32)];
      await insertNote(tx, { id: note, session_id: session, by: who.userId, text, salt, created_at: at });
      await saveTeam(tx, session, { notes: notes + 1 });
      await appendAudit(tx, {
        type: 'NOTE_ADDED',
        entityId: session,
        actor: who.userId,
        at,
        payload: { noteId: note, noteDigest: saltedDigest('note', salt, text).toString('base64url') },
      });
      return note;
    });
    await desk.refresh(session);
    return findNote(db, id);
  }

  async #running(session: string, who: Viewer): Promise<void> {
    const { status } = await staffSession(this.#parts.db, session, who, 'command');
    if (status === 'ended') throw new ProtocolError('session_over', 'session has ended');
  }
}

const noColleague = (ref: string) =>
  new ProtocolError('not_found', 'no colleague with this id may command the session', { ref });

const claimChanged = (ref: string) =>
  new ProtocolError('claim_changed', 'somebody else has taken, handed over or released the session meanwhile', { ref });
