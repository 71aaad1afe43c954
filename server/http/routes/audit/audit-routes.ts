import { z } from 'zod';
import type { AuditEntryRow } from '../../../../db/audit/append.ts';
import { listActs, listChain, summariseAudit } from '../../../../db/audit/lists.ts';
import { type OwnRecords, ownRecords } from '../../../../db/audit/own-records.ts';
import { newestCheckpoint, treeSize } from '../../../../db/audit/tree.ts';
import type { Db } from '../../../../db/executor.ts';
import { Id } from '../../../../protocol/events.ts';
import {
  AUDIT_EVENTS,
  AuditEntity,
  AuditEntry,
  AuditEventName,
  AuditEventTypes,
  AuditPage,
  AuditVerification,
  SYSTEM_ID,
} from '../../../../protocol/http/audit.ts';
import { AuditSummary } from '../../../../protocol/http/audit-proofs.ts';
import { PageLimit, PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { checkChain } from '../../../access/audit-access.ts';
import { staffSession } from '../../../access/session-access.ts';
import { auditView } from '../../../audit/audit-view.ts';
import { initialiseAudit } from '../../../audit/initialise.ts';
import { checkpointView, type ProofParts } from '../../../audit/proofs.ts';
import type { AuditVerifier } from '../../../audit/verify/verifier.ts';
import type { Clock } from '../../../clock.ts';
import { pageBy, pageOf } from '../../lists/page.ts';
import { adminRoute, staffRoute, type Route } from '../../pipeline/route.ts';
import { sizedRows } from '../../lists/sized-rows.ts';

export interface AuditRouteParts extends ProofParts {
  readonly auditVerifier: Pick<AuditVerifier, 'verify'>;
  readonly db: Db;
  readonly clock: Clock;
}

/** Of one statement: one entry can say 500 events. */
const ENTRIES_AT_ONCE = 10;

/** The cursor is the position of the last entry of the previous page. */
const ChainQuery = z.object({ cursor: z.coerce.number().int().min(0).max(2_147_483_647).optional(), limit: PageLimit });

export function auditRoutes(parts: AuditRouteParts): Route[] {
  const { db } = parts;

  async function chainPage(
    entityType: AuditEntity,
    entityId: string,
    { cursor = 0, limit }: z.infer<typeof ChainQuery>,
    own?: OwnRecords,
  ): Promise<z.infer<typeof AuditPage>> {
    const { rows, hasMore } = await sizedRows<AuditEntryRow>(
      limit,
      (after, some) =>
        listChain(db, { entityType, entityId }, { afterPosition: after?.position ?? cursor, limit: some }, own),
      ({ payload }) => payload.byteLength,
      ENTRIES_AT_ONCE,
    );
    return pageBy(rows, limit, auditView, ({ position }) => String(position), hasMore);
  }

  return [
    adminRoute({
      method: 'GET',
      path: '/api/blockchain/summary',
      tag: 'Audit',
      summary: 'Summarises the audit log',
      description: 'Number of entries, genesis entry, newest entry and newest checkpoint.',
      answer: AuditSummary,
      handle: async ({ who }) => {
        const { entries, entities, newest } = await summariseAudit(db, await ownRecords(db, who.userId));
        const [genesis] = await listChain(
          db,
          { entityType: 'system', entityId: SYSTEM_ID },
          { afterPosition: 0, limit: 1 },
        );
        const [placed, checkpoint] = [await treeSize(db), await newestCheckpoint(db)];
        return {
          entries,
          entities,
          newest: newest ? auditView(newest) : null,
          genesis: genesis ? auditView(genesis) : null,
          placed,
          checkpoint: checkpoint ? checkpointView(checkpoint, parts.verifierKey) : null,
        };
      },
    }),
    adminRoute({
      line: 'own',
      method: 'GET',
      path: '/api/blockchain/verify',
      tag: 'Audit',
      summary: 'Verifies the audit log',
      description:
        'Recomputes the whole log from the stored bytes and reports the first fault. Slow on a long log; concurrent requests share one run.',
      answer: AuditVerification,
      handle: ({ left }) => parts.auditVerifier.verify(left),
    }),
    staffRoute({
      method: 'GET',
      path: '/api/blockchain/entity/:type/:id',
      tag: 'Audit',
      summary: 'Lists the audit chain of an exam, session, account or the system',
      description:
        'In chain order. Of visible sessions, of exams seen as a whole, and for managers of accounts that they manage; other chains are for admins.',
      answer: AuditPage,
      params: z.object({ type: AuditEntity, id: Id }),
      query: ChainQuery,
      handle: async ({ params, query, who }) => {
        await checkChain(db, params.type, params.id, who);
        // Security entries name sessions of all people.
        const own = params.type === 'system' ? await ownRecords(db, who.userId) : undefined;
        return chainPage(params.type, params.id, query, own);
      },
    }),
    adminRoute({
      method: 'GET',
      path: '/api/blockchain/events/:type',
      tag: 'Audit',
      summary: 'Lists audit entries of one type',
      description: "Newest first, without entries about the caller's own sessions.",
      answer: AuditPage,
      params: z.object({ type: AuditEventName }),
      query: PageQuery,
      handle: async ({ params, query: { cursor, limit }, who }) => {
        const own = await ownRecords(db, who.userId);
        const { rows, hasMore } = await sizedRows<AuditEntryRow>(
          limit,
          (after, some) => listActs(db, params.type, { cursor: after?.id ?? cursor, limit: some }, own),
          ({ payload }) => payload.byteLength,
          ENTRIES_AT_ONCE,
        );
        return pageOf(rows, limit, auditView, hasMore);
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/blockchain/attempt/:id',
      tag: 'Audit',
      summary: 'Lists the audit chain of a session',
      description: 'In chain order.',
      answer: AuditPage,
      params: PathId,
      query: ChainQuery,
      handle: async ({ params, query, who }) => {
        const { id } = await staffSession(db, params.id, who, 'read');
        return chainPage('session', id, query);
      },
    }),
    adminRoute({
      method: 'POST',
      path: '/api/blockchain/initialize',
      tag: 'Audit',
      summary: 'Writes the genesis entry',
      description: 'Succeeds once.',
      answer: AuditEntry,
      problems: ['already_initialised'],
      status: 201,
      handle: async ({ who }) => auditView(await initialiseAudit(parts, who)),
    }),
    adminRoute({
      method: 'GET',
      path: '/api/blockchain/event-types',
      tag: 'Audit',
      summary: 'Lists audit event types',
      answer: AuditEventTypes,
      handle: async () => ({ items: AuditEventName.options.map((type) => ({ type, ...AUDIT_EVENTS[type] })) }),
    }),
  ];
}
