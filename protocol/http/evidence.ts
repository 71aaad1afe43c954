import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';

/**
 * Frame of an incident: the opening one, the strongest after that, or the last. `start`: of the start of the session;
 * `present`: of a face check; `room`: one of a look at the room; `snapshot`: kept by a person.
 */
export const EVIDENCE_KINDS = ['opened', 'strongest', 'closed', 'start', 'present', 'room', 'snapshot'] as const;
export const EvidenceKind = z.enum(EVIDENCE_KINDS);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

export const Evidence = z
  .object({
    id: Id,
    kind: EvidenceKind,
    /** Arrival of the frame, server time. */
    at: Timestamp,
    /** SHA-256 of the stored bytes, base64url; also in the audit log. */
    digest: z.string(),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof Evidence>;

/** All pictures of an event: at most three, of a look at the room at most 24. `strongest` is omitted if the opening frame was the strongest. */
export const EvidenceList = z.object({ items: z.array(Evidence) });

/** Maximum number of pictures in the list of a session. */
export const MAX_SESSION_EVIDENCE = 1000;

/** Pictures of all events of a session, oldest first, at most 1000. */
export const SessionEvidenceList = z.object({ items: z.array(Evidence.extend({ eventId: Id })) });
export type SessionEvidence = z.infer<typeof SessionEvidenceList>['items'][number];

export const JpegFile = z
  .instanceof(Uint8Array)
  .meta({ type: 'string', format: 'binary', description: 'The frame as sent by the client.' });
