import { uuidv7 } from 'uuidv7';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EvidenceRow } from '../../../db/evidence.ts';
import type { EvidenceKind } from '../../../protocol/http/evidence.ts';
import type { EvidenceWriter } from '../../evidence/evidence-writer.ts';
import type { Conditions } from '../rules/conditions.ts';

/** The analysed frame; times are server ms. */
export interface SeenFrame {
  readonly jpeg: Uint8Array;
  readonly receivedAt: number;
}

/** Called in a later turn of the event loop. */
export interface PictureSink {
  /** The picture is stored; its row goes through the session's write queue. */
  kept(row: EvidenceRow): Promise<void>;
  missing(eventId: string, kind: EvidenceKind): void;
}

interface OpenIncident {
  readonly eventId: string;
  /** Confidence of the clearest frame since it opened, 0..1. */
  confidence: number;
  /** The clearest frame, unless it is the one that opened the incident. */
  strongest: SeenFrame | undefined;
}

/**
 * Incidents that a picture shows, each with the condition that says how clearly. A broken picture, or none, shows
 * nothing.
 */
const CONDITION: Readonly<Record<string, keyof Conditions | 'none'>> = {
  NO_FACE: 'noFace',
  MULTIPLE_FACES: 'multipleFaces',
  LOOKING_AWAY: 'lookingAway',
  CAMERA_COVERED: 'covered',
  FROZEN_VIDEO: 'none',
  REPEATED_PICTURE: 'none',
  STILL_PICTURE: 'none',
  LOOPED_VIDEO: 'none',
  SMALL_PICTURE: 'none',
  TWO_SOURCES: 'none',
  FACE_UNCLEAR: 'none',
};

/**
 * Which frames of one session are kept: those that opened an incident, showed it most clearly, and ended it. Holds one
 * frame an open incident, the clearest so far; copies none.
 */
export class IncidentPictures {
  readonly #session: string;
  readonly #evidenceWriter: Pick<EvidenceWriter, 'keep'>;
  readonly #sink: PictureSink;
  readonly #open = new Map<string, OpenIncident>();

  constructor(session: string, evidenceWriter: Pick<EvidenceWriter, 'keep'>, sink: PictureSink) {
    this.#session = session;
    this.#evidenceWriter = evidenceWriter;
    this.#sink = sink;
  }

  opened(type: string, eventId: string, frame: SeenFrame | undefined): void {
    if (!frame || !(type in CONDITION)) return;
    // Its own confidence follows with `seen`.
    this.#open.set(type, { eventId, confidence: Number.NaN, strongest: undefined });
    this.#keep(eventId, 'opened', frame);
  }

  /** @param frame undefined when it ended for another reason: the connection or the session did */
  closed(type: string, frame: SeenFrame | undefined): void {
    const incident = this.#open.get(type);
    if (!incident) return;
    this.#open.delete(type);
    if (incident.strongest) this.#keep(incident.eventId, 'strongest', incident.strongest);
    if (frame) this.#keep(incident.eventId, 'closed', frame);
  }

  /** Conditions of a frame; called after the incidents that it opened and closed. */
  seen(conditions: Conditions, { jpeg, receivedAt }: SeenFrame): void {
    if (this.#open.size === 0) return;
    for (const [type, incident] of this.#open) {
      const condition = CONDITION[type];
      const reading = condition === undefined || condition === 'none' ? undefined : conditions[condition];
      const confidence = reading === 'unknown' ? undefined : reading;
      if (Number.isNaN(incident.confidence)) incident.confidence = confidence ?? 1;
      else if (confidence !== undefined && confidence > incident.confidence) {
        incident.confidence = confidence;
        // A copy: it is kept for as long as the incident lasts, and the slab that it came in is not to be.
        incident.strongest = { jpeg: jpeg.slice(), receivedAt };
      }
    }
  }

  /** Stores a picture of an event that has its own rules for them. */
  keep(event: string, kind: EvidenceKind, frame: SeenFrame): void {
    this.#keep(event, kind, frame);
  }

  #keep(event: string, kind: EvidenceKind, { jpeg, receivedAt }: SeenFrame): void {
    this.#evidenceWriter.keep(
      { session: this.#session, event, kind, at: receivedAt, jpeg },
      { stored: (row) => this.#sink.kept(row), missing: () => this.#sink.missing(event, kind) },
    );
  }
}

/** A picture that was stored, for the audit log. */
export const actOfPicture = (
  { id, session_id, event_id: eventId, kind, digest }: EvidenceRow,
  now: number,
): NewAuditEntry & { id: string } => ({
  id: uuidv7(),
  type: 'EVIDENCE_KEPT',
  entityId: session_id,
  actor: null,
  at: new Date(now),
  payload: { evidenceId: id, eventId, kind, digest: Buffer.from(digest).toString('base64url') },
});
