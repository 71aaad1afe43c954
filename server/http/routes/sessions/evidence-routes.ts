import { type EvidenceRow, findEvidence, listEvidence, listEvidenceOf } from '../../../../db/evidence.ts';
import type { Db } from '../../../../db/executor.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import {
  type Evidence,
  EvidenceList,
  JpegFile,
  MAX_SESSION_EVIDENCE,
  SessionEvidenceList,
} from '../../../../protocol/http/evidence.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { staffEvent, staffSession } from '../../../access/session-access.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import type { EvidenceReader } from '../../../evidence/evidence-reader.ts';
import { Reply, staffRoute, type Route } from '../../pipeline/route.ts';

export interface EvidenceRouteParts {
  readonly db: Db;
  readonly evidenceReader: EvidenceReader;
  readonly security: Pick<SecurityLog, 'record'>;
}

const evidenceView = ({ id, kind, at, digest }: EvidenceRow): Evidence => ({
  id,
  kind,
  at: at.toISOString(),
  digest: Buffer.from(digest).toString('base64url'),
});

/** Every refusal reads as if there were nothing; the audit log has the reason. */
async function hidden(check: Promise<unknown>, message: string): Promise<void> {
  try {
    await check;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ProtocolError('not_found', message, error.refusal && { refusal: error.refusal });
  }
}

export const evidenceRoutes = ({ db, evidenceReader, security }: EvidenceRouteParts): Route[] => [
  staffRoute({
    method: 'GET',
    path: '/api/events/:id/evidence',
    stepUp: 'factor',
    tag: 'Review',
    summary: 'Lists pictures of an event',
    description: 'Metadata only; empty for event types without pictures.',
    answer: EvidenceList,
    hidden: true,
    params: PathId,
    handle: async ({ params, who, address }) => {
      await hidden(staffEvent(db, params.id, who, 'read'), 'event not found');
      const items = (await listEvidence(db, params.id)).map(evidenceView);
      if (items.length > 0) security.record({ kind: 'pictures_listed', actor: who.userId, target: params.id, address });
      return { items };
    },
  }),
  staffRoute({
    method: 'GET',
    path: '/api/sessions/:id/evidence',
    stepUp: 'factor',
    tag: 'Review',
    summary: 'Lists pictures of a session',
    description: 'Metadata only, of all of its events, oldest first; at most 1000.',
    answer: SessionEvidenceList,
    hidden: true,
    params: PathId,
    handle: async ({ params, who, address }) => {
      await hidden(staffSession(db, params.id, who, 'read'), 'session not found');
      const rows = await listEvidenceOf(db, params.id, MAX_SESSION_EVIDENCE);
      if (rows.length > 0) security.record({ kind: 'pictures_listed', actor: who.userId, target: params.id, address });
      return { items: rows.map((row) => ({ ...evidenceView(row), eventId: row.event_id })) };
    },
  }),
  staffRoute({
    method: 'GET',
    path: '/api/evidence/:id',
    stepUp: 'factor',
    tag: 'Review',
    summary: 'Returns a picture of an incident',
    description: 'Access is recorded in the audit log before the picture is sent.',
    answer: JpegFile,
    produces: 'image/jpeg',
    hidden: true,
    params: PathId,
    handle: async ({ params, who }) => {
      const row = await findEvidence(db, params.id);
      // An unknown one is refused by the reader, or unavailable without a key.
      if (row) await hidden(staffSession(db, row.session_id, who, 'read'), 'picture not found');
      return new Reply(200, await evidenceReader.show(params.id, who), { 'Cache-Control': 'no-store' });
    },
  }),
];
