import { z } from 'zod';
import type { Db } from '../../../../db/executor.ts';
import { badField, ProtocolError } from '../../../../protocol/errors.ts';
import { Id } from '../../../../protocol/events.ts';
import { Otp, RegisterBody, Role } from '../../../../protocol/http/accounts.ts';
import { text } from '../../../../protocol/http/text.ts';
import { createAccount } from '../../../auth/accounts/accounts.ts';
import type { DeviceCookies } from '../../../auth/logins/device-cookies.ts';
import type { StepUp } from '../../../auth/factors/step-up.ts';
import type { Logins } from '../../../auth/logins/logins.ts';
import type { Passwords } from '../../../auth/passwords/passwords.ts';
import type { Registration } from '../../../auth/accounts/registration.ts';
import type { Principal } from '../../../auth/logins/tokens.ts';
import { originOf } from '../../routes/accounts/browser.ts';
import { guestRoute, openRoute, type Route } from '../../pipeline/route.ts';

export interface ProctorbeAuthRouteParts {
  readonly db: Db;
  readonly logins: Logins;
  readonly passwords: Passwords;
  readonly registration: Registration;
  readonly deviceCookies: DeviceCookies;
  readonly stepUp: StepUp;
}

const RegistrationBody = RegisterBody.pick({ email: true, password: true }).extend({
  role: z
    .string()
    .max(200)
    .optional()
    .describe(`One of ${Role.options.join(', ')}; default student. Other roles require an admin's token.`),
});
const Registered = z.object({ id: Id, email: z.string(), role: Role });

/** The password form of OAuth 2 (RFC 6749, section 4.3.2); its other fields are ignored. */
const PasswordForm = z.object({
  username: text(254).transform((address) => address.toLowerCase()),
  password: z.string().min(1).max(1024),
  otp: Otp,
});
const BearerToken = z.object({
  access_token: z.string(),
  token_type: z.literal('bearer'),
  refresh_token: z.string(),
  expires_in: z.int().describe('Lifetime of the access token, seconds.'),
});

/** ProctorBE lets anybody register as an admin; here that takes an admin's token. */
function roleFor(asked: string | undefined, who: Principal | undefined): Role {
  if (asked === undefined || asked === 'student') return 'student';
  if (who?.role !== 'admin')
    throw new ProtocolError('forbidden', "registration creates students only; other roles require an admin's token", {
      ref: 'body.role',
      refusal: { kind: 'role_refused' },
    });
  const role = Role.safeParse(asked);
  if (role.success) return role.data;
  throw badField('body.role', `must be one of ${Role.options.join(', ')}`);
}

export function proctorbeAuthRoutes({
  db,
  logins,
  passwords,
  registration,
  deviceCookies,
  stepUp,
}: ProctorbeAuthRouteParts): Route[] {
  return [
    guestRoute({
      line: 'own',
      method: 'POST',
      path: '/auth/register',
      tag: 'ProctorBE compatibility',
      summary: 'Registers an account',
      description: "Creates a student. An admin's token allows other roles.",
      answer: Registered,
      problems: [
        'forbidden',
        'step_up_required',
        'email_taken',
        'weak_password',
        'registration_closed',
        'registration_refused',
        'rate_limited',
        'account_disabled',
      ],
      body: RegistrationBody,
      handle: async ({ body, who, ...request }) => {
        const asked = roleFor(body.role, who);
        if (who && asked !== 'student') await stepUp.check(who, 'factor');
        const { id, email, role } =
          who?.role === 'admin'
            ? await createAccount(db, passwords, { ...body, organisationId: who.organisationId }, asked, who.userId)
            : await registration.registerOnly(body, originOf(request, deviceCookies, body.email));
        return { id, email, role };
      },
    }),
    openRoute({
      line: 'own',
      method: 'POST',
      path: '/auth/login',
      tag: 'ProctorBE compatibility',
      summary: 'Logs in',
      description: 'OAuth 2 password form.',
      answer: BearerToken,
      problems: ['bad_credentials', 'second_factor_required', 'bad_second_factor', 'account_disabled', 'rate_limited'],
      body: PasswordForm,
      kind: 'form',
      handle: async ({ body, ...request }) => {
        const { accessToken, refreshToken, expiresIn } = await logins.login(
          { email: body.username, password: body.password, otp: body.otp },
          originOf(request, deviceCookies, body.username),
        );
        return {
          access_token: accessToken,
          token_type: 'bearer' as const,
          refresh_token: refreshToken,
          expires_in: expiresIn,
        };
      },
    }),
  ];
}
