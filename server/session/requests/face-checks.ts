import { uuidv7 } from 'uuidv7';
import type { EventRow } from '../../../db/events.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { FaceCheckOutcome } from '../../../protocol/http/requests.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';
import { commandGiven } from '../record/command-given.ts';
import { detailsOf, pendingRequest, type RequestParts } from './request-parts.ts';

/** A check without an outcome is over after this long, ms: its window was closed. */
const OPEN_MS = 10 * 60_000;

/**
 * Face checks of one session by people (rule R4): a person compares the picture of the start with the present one. The
 * server compares nothing.
 */
export class FaceChecks {
  readonly #parts: RequestParts;
  /** Id of the check that waits for its picture. */
  #awaiting: string | undefined;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    const open = this.#open;
    if (open && !detailsOf(open)['pictured']) this.#awaiting = open.id;
  }

  get #open(): EventRow | undefined {
    return this.#parts.recorder.state.openEvents().find(({ type }) => type === 'FACE_CHECK');
  }

  /**
   * Begins one, or returns the one that this person has begun. Resolves when it is committed.
   * @throws ProtocolError `start_picture_missing` or `request_pending`
   */
  async begin(by: string): Promise<{ readonly event: EventRow; readonly startEvent: string }> {
    const { recorder, clock } = this.#parts;
    const startEvent = recorder.state.requests?.startPicture;
    if (!startEvent) throw new ProtocolError('start_picture_missing', 'the session has no picture of its start');
    const open = this.#open;
    if (open && detailsOf(open)['by'] !== by) throw pendingRequest('a face check by somebody else');
    if (open) return { event: open, startEvent };
    const event = recorder.record({
      type: 'FACE_CHECK',
      source: 'proctor',
      startedAt: clock(),
      endedAt: undefined,
      details: { by, startEvent },
    });
    this.#awaiting = event.id;
    await recorder.store([event], { stateChanged: true, audit: [commandGiven({ do: 'face_check' }, event, by)] });
    return { event, startEvent };
  }

  /**
   * Records what the person saw. Resolves when it is committed.
   * @throws ProtocolError `not_found` for a check that is over, `request_pending` for somebody else's
   */
  async decide(
    id: string,
    by: string,
    { outcome, note }: { readonly outcome: FaceCheckOutcome; readonly note?: string | undefined },
  ): Promise<EventRow> {
    const { recorder, clock } = this.#parts;
    const open = this.#open;
    if (open?.id !== id) throw new ProtocolError('not_found', 'face check not found');
    if (detailsOf(open)['by'] !== by) throw pendingRequest('a face check by somebody else');
    const now = clock();
    const row = this.#close(now, { outcome, ...(note !== undefined && { note }) });
    if (!row) throw new ProtocolError('not_found', 'face check not found');
    await recorder.store([row], {
      stateChanged: true,
      audit: [
        {
          id: uuidv7(),
          type: 'FACE_CHECKED',
          entityId: row.session_id,
          actor: by,
          at: new Date(now),
          payload: { eventId: row.id, outcome },
        },
      ],
    });
    return row;
  }

  arrived(frame: SeenFrame): EventRow[] {
    const id = this.#awaiting;
    if (id === undefined) return [];
    this.#awaiting = undefined;
    const { recorder } = this.#parts;
    recorder.keepPicture(id, 'present', frame);
    const row = recorder.state.change('FACE_CHECK', {
      at: frame.receivedAt,
      ended: false,
      details: { pictured: true },
    });
    return row ? [row] : [];
  }

  /** Once a second. */
  tick(now: number): EventRow[] {
    const open = this.#open;
    if (!open || now - open.started_at.getTime() < OPEN_MS) return [];
    const row = this.#close(now, {});
    return row ? [row] : [];
  }

  #close(now: number, details: Readonly<Record<string, unknown>>): EventRow | undefined {
    this.#awaiting = undefined;
    return this.#parts.recorder.state.change('FACE_CHECK', { at: now, ended: true, details });
  }
}
