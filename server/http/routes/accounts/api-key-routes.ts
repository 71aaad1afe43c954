import type { ApiKeyRow } from '../../../../db/api-keys.ts';
import {
  type ApiKey,
  ApiKey as ApiKeySchema,
  ApiKeyPage,
  ChangeApiKeyBody,
  CreateApiKeyBody,
  CreatedApiKey,
} from '../../../../protocol/http/api-keys.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import type { ApiKeys } from '../../../auth/keys/api-keys.ts';
import { pageOf } from '../../lists/page.ts';
import { adminRoute, type Route } from '../../pipeline/route.ts';

export interface ApiKeyRouteParts {
  readonly apiKeys: ApiKeys;
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

const keyView = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  expiresAt: iso(row.expires_at),
  revokedAt: iso(row.revoked_at),
  lastUsedOn: iso(row.last_used_day)?.slice(0, 10) ?? null,
});

export const apiKeyRoutes = ({ apiKeys }: ApiKeyRouteParts): Route[] => [
  adminRoute({
    method: 'GET',
    path: '/api/keys',
    tag: 'Accounts',
    summary: 'Lists API keys',
    description: 'Newest first, without the keys themselves; revoked ones included.',
    answer: ApiKeyPage,
    query: PageQuery,
    handle: async ({ query: { cursor, limit } }) => pageOf(await apiKeys.list({ cursor, limit }), limit, keyView),
  }),
  adminRoute({
    method: 'POST',
    path: '/api/keys',
    stepUp: 'factor',
    tag: 'Accounts',
    summary: 'Creates an API key',
    description: 'For a server, such as an exam site. The key is returned only in this response.',
    answer: CreatedApiKey,
    status: 201,
    body: CreateApiKeyBody,
    handle: async ({ body, who, address }) => {
      const { row, key } = await apiKeys.create(body, { userId: who.userId, address });
      return { ...keyView(row), key };
    },
  }),
  adminRoute({
    method: 'PATCH',
    path: '/api/keys/:id',
    stepUp: 'factor',
    tag: 'Accounts',
    summary: 'Renames an API key or changes its expiry',
    description: 'Changing the expiry closes its sockets, which reconnect with new tickets.',
    answer: ApiKeySchema,
    params: PathId,
    body: ChangeApiKeyBody,
    handle: async ({ params, body, who, address }) =>
      keyView(await apiKeys.change(params.id, body, { userId: who.userId, address })),
  }),
  adminRoute({
    method: 'DELETE',
    path: '/api/keys/:id',
    tag: 'Accounts',
    summary: 'Revokes an API key',
    description: 'At once, with its tickets and sockets. Idempotent.',
    params: PathId,
    handle: ({ params, who, address }) => apiKeys.revoke(params.id, { userId: who.userId, address }),
  }),
];
