import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';

/**
 * Which frame of an incident a picture is: the one that opened it, the one after that which showed it most clearly, the
 * one that ended it.
 */
export const EVIDENCE_KINDS = ['opened', 'strongest', 'closed'] as const;
export const EvidenceKind = z.enum(EVIDENCE_KINDS);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

export const Evidence = z
  .object({
    id: Id,
    kind: EvidenceKind,
    /** When the frame arrived, server time. */
    at: Timestamp,
    /** SHA-256 of what is stored, base64url: the audit log has it, too. */
    digest: z.string(),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof Evidence>;

/** All of an event: three at most. `strongest` is left out when the opening frame was. */
export const EvidenceList = z.object({ items: z.array(Evidence) });

export const JpegFile = z
  .instanceof(Uint8Array)
  .meta({ type: 'string', format: 'binary', description: 'The frame as the client sent it.' });
