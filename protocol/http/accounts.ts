import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { page, PageQuery } from './lists.ts';
import { OrganisationId } from './organisations.ts';
import { BaseRevision, Revision } from './revisions.ts';
import { text } from './text.ts';

/** Accounts and logins. Passwords have at most 1024 characters, which bounds the cost of hashing. */

/**
 * `proctor` and `reviewer`: sessions of the exams that they are assigned to; reviewers give no live commands. `manager`:
 * exams and people of their organisation. `admin`: the installation.
 */
export const ROLES = ['student', 'proctor', 'reviewer', 'manager', 'admin'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;
/** Roles with access to the sessions of others. */
export const STAFF = ['proctor', 'reviewer', 'manager', 'admin'] as const satisfies readonly Role[];
/** Roles that release verdicts and decide appeals. */
export const RELEASERS = ['reviewer', 'manager', 'admin'] as const satisfies readonly Role[];
/** Roles that manage exams and people. */
export const MANAGERS = ['manager', 'admin'] as const satisfies readonly Role[];
/** Roles that a manager may give; admins give any. */
export const MANAGED = ['student', 'proctor', 'reviewer'] as const satisfies readonly Role[];

export const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase());
export const NewPassword = z.string().min(8).max(1024);
export const Name = text(200);
/** Unique within the organisation, in any case. */
export const StudentNumber = text(60);
/** Unique within the organisation. */
export const ExternalId = text(255);

export const User = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    role: Role,
    organisationId: Id,
    studentNumber: z.string().nullable(),
    externalId: z.string().nullable().describe("Id in the institution's own system."),
    /** False until the link of an invitation was used. */
    passwordSet: z.boolean(),
    disabledAt: Timestamp.nullable(),
    anonymisedAt: Timestamp.nullable().describe('When name, address and numbers were replaced.'),
    createdAt: Timestamp,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

/** An account as managers see it. */
export const Account = User.extend({
  revision: Revision,
  formerNames: z
    .array(z.object({ name: z.string(), until: Timestamp, by: z.object({ id: Id, name: z.string() }) }))
    .optional()
    .describe('Newest first, at most 50, each with the author of its change. Absent: none, or anonymised.'),
}).meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

/** The own account. */
export const Me = User.extend({
  nameFixed: z
    .literal(true)
    .optional()
    .describe('The name identifies a student in exams: only staff change it. Absent: it can be changed.'),
}).meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

/** A `role` in the body is ignored: registration creates students only. */
export const RegisterBody = z.object({
  email: Email,
  password: NewPassword,
  name: Name.optional(),
  role: z.unknown().optional().describe('Ignored.'),
});
/** Second factor for programs: a code of the authenticator app, or a recovery code. */
export const Otp = z
  .string()
  .max(64)
  .optional()
  .describe(
    'For an account with a second factor: a code of the authenticator app, or a recovery code. If missing: `second_factor_required`.',
  );
export const LoginBody = z.object({ email: Email, password: z.string().min(1).max(1024), otp: Otp });
export const RefreshBody = z.object({ refreshToken: z.string().min(1).max(512) });
/** Without a refresh token, the login of the access token ends. */
export const LogoutBody = z.object({
  refreshToken: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('Any refresh token of the login to end, used or not, of any age. No access token is needed with it.'),
});
export const LogoutEverywhereBody = z.object({
  exceptThis: z.boolean().default(false).describe('Keeps the login of this request.'),
});
export const EndedLogins = z.object({ ended: z.int() });

/** A login of the requesting user. */
export const OwnLogin = z
  .object({
    id: Id,
    /** Short description of the browser or program. */
    device: z.string(),
    createdAt: Timestamp,
    /** Last renewal; a login in use is renewed every 15 minutes. */
    lastUsedAt: Timestamp,
    /** End of the login, regardless of use. */
    expiresAt: Timestamp,
    /** True for the login of this request. */
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
export const CreateUserBody = z.object({
  email: Email,
  password: NewPassword.optional().describe('Without one, the person sets it with the link of an invitation.'),
  name: Name.optional().describe('Default: the address.'),
  role: Role,
  studentNumber: StudentNumber.nullish(),
  externalId: ExternalId.nullish(),
  organisationId: OrganisationId.optional(),
});
export type CreateUserBody = z.output<typeof CreateUserBody>;

export const Tokens = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    /** Validity of the access token, seconds. */
    expiresIn: z.int(),
    user: User,
  })
  .meta({ id: 'Tokens' });
export type Tokens = z.infer<typeof Tokens>;

export const UserPage = page(User);
export const UserQuery = PageQuery.extend({
  role: Role.optional(),
  organisation: Id.optional().describe('For admins; managers see their own organisation.'),
  q: text(254)
    .describe(
      'Words of which each occurs in the name, the address, the student number or the external id; case and accents aside.',
    )
    .optional(),
  disabled: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});

/** Strict, so that a misspelt `disabled` is an error and not silently ignored. */
export const ChangeUserBody = z
  .strictObject({
    name: Name.optional(),
    email: Email.optional().describe('A new address voids links made for the old one.'),
    studentNumber: StudentNumber.nullable().optional(),
    externalId: ExternalId.nullable().optional(),
    role: Role.optional(),
    disabled: z.boolean().optional(),
    organisationId: OrganisationId.optional(),
    baseRevision: BaseRevision,
  })
  .refine((change) => Object.keys(change).some((key) => key !== 'baseRevision'), 'must contain at least one change');
export type ChangeUserBody = z.infer<typeof ChangeUserBody>;

/** The requesting user's own account. */
export const ChangeMeBody = z.strictObject({ name: Name });
