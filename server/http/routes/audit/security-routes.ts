import { z } from 'zod';
import { listSecurity } from '../../../../db/audit/lists.ts';
import { ownRecords } from '../../../../db/audit/own-records.ts';
import type { Db } from '../../../../db/executor.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { Id } from '../../../../protocol/events.ts';
import {
  AddressDigestList,
  AddressQuestion,
  SecurityKindName,
  SecurityPage,
  SecurityPayload,
} from '../../../../protocol/http/security.ts';
import { PageQuery } from '../../../../protocol/http/lists.ts';
import type { AddressDigests } from '../../../audit/security/address-digests.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import { canonicalAddress } from '../../edge/client-address.ts';
import { adminRoute, type Route } from '../../pipeline/route.ts';

export interface SecurityRouteParts {
  readonly db: Db;
  readonly security: Pick<SecurityLog, 'record'>;
  readonly addresses: Pick<AddressDigests, 'everyDay'>;
}

/** Entries scanned per request: kind and address are in the payload, which is not indexed. */
const SCANNED = 500;

const SecurityQuery = PageQuery.extend({
  kind: SecurityKindName.optional(),
  actor: Id.optional(),
  digest: z.string().max(16).optional(),
});

export const securityRoutes = ({ db, security, addresses }: SecurityRouteParts): Route[] => [
  adminRoute({
    method: 'GET',
    path: '/api/audit/security',
    tag: 'Audit',
    summary: 'Lists security events',
    description:
      "Newest first, filtered by kind, actor or address digest, without acts of others on the caller's own sessions. A page may hold fewer items than `limit`, even none, and still have a `nextCursor`.",
    answer: SecurityPage,
    query: SecurityQuery,
    handle: async ({ query: { cursor, limit, kind, actor, digest }, who }) => {
      const rows = await listSecurity(db, { actor, cursor, limit: SCANNED }, await ownRecords(db, who.userId));
      const items: z.infer<typeof SecurityPage>['items'] = [];
      let last: string | undefined;
      for (const row of rows) {
        const { payload, ...entry } = {
          ...row,
          payload: SecurityPayload.safeParse(JSON.parse(Buffer.from(row.payload).toString('utf8'))),
        };
        last = row.id;
        if (
          !payload.success ||
          (kind !== undefined && payload.data.kind !== kind) ||
          (digest !== undefined && payload.data.address?.digest !== digest)
        )
          continue;
        items.push({ id: entry.id, at: entry.at.toISOString(), actor: entry.actor, ...payload.data });
        if (items.length === limit) break;
      }
      const isEnd = rows.length < SCANNED && last === rows.at(-1)?.id;
      return { items, nextCursor: isEnd ? null : (last ?? null) };
    },
  }),
  adminRoute({
    method: 'POST',
    path: '/api/audit/address',
    tag: 'Audit',
    summary: "Computes the audit log's digests of an IP address",
    description:
      'One digest per day whose key is still stored. The request is recorded in the audit log, without the address.',
    answer: AddressDigestList,
    body: AddressQuestion,
    handle: async ({ body, who, address }) => {
      const asked = canonicalAddress(body.address);
      if (asked === undefined) throw new ProtocolError('bad_request', 'not an IP address');
      security.record({ kind: 'address_asked', actor: who.userId, target: null, address, staff: true });
      return { items: await addresses.everyDay(asked) };
    },
  }),
];
