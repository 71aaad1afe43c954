import { z } from 'zod';

export const loginSettings = z.object({
  LOGIN_DAYS: z.coerce.number().min(1).max(3650).default(30),
  SELF_REGISTRATION: z.enum(['on', 'off']).optional(),
});

export interface LoginConfig {
  /** Absolute lifetime of a login, ms. */
  readonly loginLifeMs: number;
  /** Whether self-registration of students is enabled. */
  readonly selfRegistration: boolean;
}

export function loginConfig(env: z.output<typeof loginSettings>, production: boolean): LoginConfig {
  return {
    loginLifeMs: env.LOGIN_DAYS * 24 * 3600 * 1000,
    selfRegistration: (env.SELF_REGISTRATION ?? (production ? 'off' : 'on')) === 'on',
  };
}
