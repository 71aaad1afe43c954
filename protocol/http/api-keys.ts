import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { StoredTime } from './stored-time.ts';
import { page } from './lists.ts';
import { text } from './text.ts';

/** Keys of servers, such as an exam site. A key acts for no person and can do only what its scopes permit. */

/** `tickets`: starts sessions of students and issues tickets for their exam sockets. */
export const API_KEY_SCOPES = ['tickets'] as const;
export const ApiKeyScope = z.enum(API_KEY_SCOPES);
export type ApiKeyScope = z.infer<typeof ApiKeyScope>;

const Name = text(100).describe('Purpose of the key, such as the name of the server that uses it.');

export const CreateApiKeyBody = z.strictObject({
  name: Name,
  scopes: z
    .array(ApiKeyScope)
    .min(1)
    .max(API_KEY_SCOPES.length)
    .transform((scopes) => [...new Set(scopes)]),
  expiresAt: StoredTime.nullable().default(null).describe('In the future; null: the key does not expire.'),
});
export type CreateApiKeyBody = z.output<typeof CreateApiKeyBody>;

export const ChangeApiKeyBody = z
  .strictObject({ name: Name.optional(), expiresAt: StoredTime.nullable().optional() })
  .refine((change) => Object.keys(change).length > 0, 'must contain at least one change');
export type ChangeApiKeyBody = z.output<typeof ChangeApiKeyBody>;

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    scopes: z.array(ApiKeyScope),
    createdAt: Timestamp,
    /** Admin who created it. */
    createdBy: Id,
    expiresAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
    /** Day of the last use (UTC); null: never used. */
    lastUsedOn: z.iso.date().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** The only answer that contains the key itself, which the server does not store. */
export const CreatedApiKey = ApiKey.extend({
  key: z.string().describe('Sent as `Authorization: Bearer`. Returned only once.'),
}).meta({ id: 'CreatedApiKey' });

export const ApiKeyPage = page(ApiKey);
