import { findEvidence, type EvidenceRow } from '../../db/evidence.ts';
import { appendAudit } from '../../db/audit/append.ts';
import type { Db } from '../../db/executor.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { LATE, withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import { openPicture, SealError } from './cipher.ts';
import type { SessionKeys } from './session-keys.ts';
import type { EvidenceStore } from './store.ts';

export interface EvidenceReaderParts {
  readonly db: Db;
  readonly store: EvidenceStore;
  /** Undefined: the server has no master key. */
  readonly keys: SessionKeys | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A store that does not respond within this time hangs. */
const STORE_TIMEOUT_MS = 10_000;

const unreadable = (message: string) => new ProtocolError('internal', message);

/** Reads stored pictures for people. */
export class EvidenceReader {
  readonly #parts: EvidenceReaderParts;

  constructor(parts: EvidenceReaderParts) {
    this.#parts = parts;
  }

  /**
   * A picture as the client sent it. That `by` asks for it is in the audit log before anything is shown.
   * @throws ProtocolError `not_found`, `unavailable`, or `internal` when it cannot be read or is not what was stored
   */
  async show(id: string, by: { readonly userId: string }): Promise<Uint8Array> {
    const { db, keys, clock } = this.#parts;
    if (!keys) throw new ProtocolError('unavailable', 'the server has no evidence key');
    const row = await db.transaction().execute(async (tx) => {
      const found = await findEvidence(tx, id);
      if (!found) throw new ProtocolError('not_found', 'picture not found');
      const { session_id: entityId, event_id: eventId, kind } = found;
      await appendAudit(tx, {
        type: 'EVIDENCE_VIEWED',
        entityId,
        actor: by.userId,
        at: new Date(clock()),
        payload: { evidenceId: id, eventId, kind },
      });
      return found;
    });
    const key = await this.#key(keys, row);
    const sealed = await this.#object(row.object_key);
    return this.#read(row, () =>
      openPicture(key, { session: row.session_id, event: row.event_id, kind: row.kind }, sealed),
    );
  }

  async #key(keys: SessionKeys, row: EvidenceRow): Promise<Uint8Array> {
    try {
      const key = await keys.forReading(row.session_id);
      if (key) return key;
    } catch (error) {
      return this.#read(row, () => {
        throw error;
      });
    }
    throw new ProtocolError('not_found', 'picture not found');
  }

  /** @throws ProtocolError `unavailable` when the store hangs, `internal` when it has no such object */
  async #object(key: string): Promise<Uint8Array> {
    const sealed = await withDeadline(this.#parts.store.get(key), STORE_TIMEOUT_MS);
    if (sealed === LATE)
      throw new ProtocolError('unavailable', 'the evidence store does not respond', { retryable: true });
    if (!sealed) throw unreadable('the picture is missing from the store');
    return sealed;
  }

  #read<T>(row: EvidenceRow, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.#parts.log.error(
        { err: error, evidence: row.id, session: row.session_id },
        'a stored picture cannot be read',
      );
      throw unreadable('the picture cannot be read: it was stored under another key, or it was changed');
    }
  }
}
