import { z } from 'zod';
import { findAuditEntry } from '../../../../db/audit/leaves.ts';
import type { Db } from '../../../../db/executor.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { Id } from '../../../../protocol/events.ts';
import {
  AuditCheckpoint,
  AuditConsistency,
  AuditFile,
  AuditInclusion,
  AuditOfSession,
} from '../../../../protocol/http/audit-proofs.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { checkChain } from '../../../access/audit-access.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import { sessionFile } from '../../../audit/export/session-file.ts';
import { auditOfSession, checkpointOf, consistencyOf, inclusionOf, type ProofParts } from '../../../audit/proofs.ts';
import { Reply, staffRoute, type Route, userRoute } from '../../pipeline/route.ts';

export interface AuditProofRouteParts extends ProofParts {
  readonly db: Db;
  readonly security: Pick<SecurityLog, 'record'>;
}

const Leaves = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const AtMost = z.object({ size: Leaves.optional() });

/**
 * Checkpoints and consistency proofs are open to every logged-in user: they reveal only sizes and hashes, and anyone
 * who keeps them can hold the server to its log. Entries are for staff.
 */
export const auditProofRoutes = (parts: AuditProofRouteParts): Route[] => [
  userRoute({
    method: 'GET',
    path: '/api/audit/checkpoint',
    tag: 'Audit',
    summary: 'Returns a signed checkpoint of the audit log',
    description: 'The newest checkpoint, or with `size` the newest one of at most that many leaves.',
    answer: AuditCheckpoint,
    problems: ['not_found'],
    query: AtMost,
    handle: ({ query }) => checkpointOf(parts, query.size),
  }),
  userRoute({
    method: 'GET',
    path: '/api/audit/consistency',
    tag: 'Audit',
    summary: 'Proves consistency between two tree sizes',
    description: 'Proves that the log of `to` leaves starts with the log of `from` leaves.',
    answer: AuditConsistency,
    query: z.object({ from: Leaves, to: Leaves }),
    handle: ({ query }) => consistencyOf(parts, query.from, query.to),
  }),
  staffRoute({
    method: 'GET',
    path: '/api/audit/inclusion/:entry',
    tag: 'Audit',
    summary: 'Proves inclusion of an entry',
    description: 'Against the newest checkpoint, or with `size` against the newest one of at most that many leaves.',
    answer: AuditInclusion,
    problems: ['not_found', 'no_checkpoint_yet'],
    params: z.object({ entry: Id }),
    query: AtMost,
    handle: async ({ params, query, who }) => {
      const entry = await findAuditEntry(parts.db, params.entry);
      if (!entry) throw new ProtocolError('not_found', 'entry not found');
      await checkChain(parts.db, entry.entity_type, entry.entity_id, who);
      return inclusionOf(parts, params.entry, query.size);
    },
  }),
  staffRoute({
    method: 'GET',
    path: '/api/audit/attempt/:id',
    tag: 'Audit',
    summary: "Returns a session's audit entries under the newest checkpoint",
    answer: AuditOfSession,
    params: PathId,
    handle: async ({ params, who }) => auditOfSession(parts, (await staffSession(parts.db, params.id, who, 'read')).id),
  }),
  staffRoute({
    line: 'own',
    method: 'GET',
    path: '/api/audit/attempt/:id/file',
    stepUp: 'factor',
    tag: 'Audit',
    summary: "Downloads a session's audit entries with proofs",
    description: 'Verify the file offline with `npm run audit -- verify`.',
    answer: AuditFile,
    produces: 'application/octet-stream',
    problems: ['no_checkpoint_yet'],
    params: PathId,
    handle: async ({ params, who, address }) => {
      const { id } = await staffSession(parts.db, params.id, who, 'read');
      const file = await sessionFile(parts, id);
      parts.security.record({ kind: 'audit_exported', actor: who.userId, target: id, address });
      return new Reply(200, file, {
        'Cache-Control': 'no-store',
        'Content-Disposition': `attachment; filename="session-${id}.audit"`,
      });
    },
  }),
];
