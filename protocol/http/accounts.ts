import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { page, PageQuery } from './lists.ts';
import { text } from './text.ts';

/** Accounts and logins. Passwords are measured in characters, 1024 at most to bound hashing. */

export const ROLES = ['student', 'proctor', 'admin'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;
/** Roles that see other people's sessions. */
export const STAFF = ['proctor', 'admin'] as const satisfies readonly Role[];

export const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase());
export const NewPassword = z.string().min(8).max(1024);
const Name = text(200);

export const User = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    role: Role,
    disabledAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

/** A `role` in the body is ignored: registering makes students only. */
export const RegisterBody = z.object({ email: Email, password: NewPassword, name: Name.optional() });
/** `otp` of an account with a second factor, from programs: a code of the app, or a recovery code. */
export const Otp = z
  .string()
  .max(64)
  .optional()
  .describe(
    'Of an account with a second factor: a code of the app, or a recovery code. Without one: `second_factor_required`.',
  );
export const LoginBody = z.object({ email: Email, password: z.string().min(1).max(1024), otp: Otp });
export const RefreshBody = z.object({ refreshToken: z.string().min(1).max(512) });
/** Without one: the login of the access token. */
export const LogoutBody = z.object({
  refreshToken: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('Of the login to end: used or not, of any age. No access token is needed with it.'),
});
export const LogoutEverywhereBody = z.object({
  exceptThis: z.boolean().default(false).describe('Leaves the login that asks.'),
});
export const EndedLogins = z.object({ ended: z.int() });

/** A login of one's own. */
export const OwnLogin = z
  .object({
    id: Id,
    /** What it was made with, in short. */
    device: z.string(),
    createdAt: Timestamp,
    /** Of its last renewal, which comes every quarter of an hour while it is used. */
    lastUsedAt: Timestamp,
    /** When it ends, however much it is used. */
    expiresAt: Timestamp,
    /** The one that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'OwnLogin' });
export const OwnLogins = z.object({ items: z.array(OwnLogin) });
export type OwnLogins = z.infer<typeof OwnLogins>;

export const SetupBody = z.object({
  token: z.string().min(1).max(128),
  email: Email,
  password: NewPassword,
  name: Name.optional(),
});
export const CreateUserBody = z.object({ email: Email, password: NewPassword, name: Name.optional(), role: Role });

export const Tokens = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    /** Seconds the access token is valid. */
    expiresIn: z.int(),
    user: User,
  })
  .meta({ id: 'Tokens' });
export type Tokens = z.infer<typeof Tokens>;

export const UserPage = page(User);
export const UserQuery = PageQuery.extend({
  role: Role.optional(),
  q: text(254).describe('How the address or the name begins, in any case.').optional(),
  disabled: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});

/** Strict: a misspelt `disabled` must not look as if it had been obeyed. */
export const ChangeUserBody = z
  .strictObject({ name: Name.optional(), role: Role.optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change');
export type ChangeUserBody = z.infer<typeof ChangeUserBody>;
