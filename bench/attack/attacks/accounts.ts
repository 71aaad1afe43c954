import { randomUUID } from 'node:crypto';
import type { AttackPlan } from '../plan.ts';
import type { Traffic } from '../traffic.ts';

const LOGINS_AT_ONCE = 230;
const SPRAYED_AT_ONCE = 32;
const REGISTERING_AT_ONCE = 64;

const posted = (path: string, body: unknown) =>
  ({ method: 'POST', path, type: 'application/json', body: JSON.stringify(body) }) as const;

/** Logins to made-up accounts. */
export const loginStorm = (_: AttackPlan, traffic: Traffic): Promise<void> =>
  traffic.loops(LOGINS_AT_ONCE, () =>
    posted('/api/auth/login', { email: `${randomUUID()}@example.org`, password: 'not the password' }),
  );

/** One password for many existing accounts. */
export const spraying = ({ emails }: AttackPlan, traffic: Traffic): Promise<void> =>
  traffic.loops(SPRAYED_AT_ONCE, (n) =>
    posted('/api/auth/login', { email: emails[n % emails.length], password: 'Summer2026!' }),
  );

export const registeringStorm = (_: AttackPlan, traffic: Traffic): Promise<void> =>
  traffic.loops(REGISTERING_AT_ONCE, () =>
    posted('/api/auth/register', {
      email: `${randomUUID()}@example.org`,
      password: `${randomUUID()} x`,
      name: 'Somebody',
    }),
  );
