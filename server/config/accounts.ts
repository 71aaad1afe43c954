import { z } from 'zod';
import { type Role, STAFF } from '../../protocol/http/accounts.ts';

/** Roles that require a second factor, by value of REQUIRE_SECOND_FACTOR. */
const REQUIRED = { off: [], admin: ['admin'], staff: STAFF } as const satisfies Record<string, readonly Role[]>;

export const accountSettings = z.object({ REQUIRE_SECOND_FACTOR: z.enum(['off', 'admin', 'staff']).default('off') });

export interface AccountConfig {
  /** Roles whose logins must verify a second factor before anything else. */
  readonly secondFactorRoles: readonly Role[];
}

export const accountConfig = (env: z.output<typeof accountSettings>): AccountConfig => ({
  secondFactorRoles: REQUIRED[env.REQUIRE_SECOND_FACTOR],
});
