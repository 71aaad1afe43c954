import { Tokens } from '../../../../protocol/http/accounts.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import {
  AddedFactor,
  PasskeyBody,
  PasskeyOptions,
  PendingBody,
  ProofOptions,
  RecoveryCodes,
  RenameFactorBody,
  SecondFactor,
  SecondFactorList,
  SecondFactorLoginBody,
  SteppedUp,
  StepUpBody,
  TotpConfirmBody,
  TotpSetup,
  TotpSetupBody,
} from '../../../../protocol/http/second-factors.ts';
import type { PasswordParts } from '../../../auth/passwords/change-password.ts';
import type { DeviceCookies } from '../../../auth/logins/device-cookies.ts';
import { type PageOrigin, relyingParty, type RelyingParty } from '../../../auth/factors/relying-party.ts';
import { proveAgain } from '../../../auth/factors/prove-again.ts';
import type { SecondStep } from '../../../auth/factors/second-step.ts';
import type { SecondFactors } from '../../../auth/factors/second-factors.ts';
import type { StepUp } from '../../../auth/factors/step-up.ts';
import type { Logins } from '../../../auth/logins/logins.ts';
import { givenFrom, originOf, withDeviceCookie } from './browser.ts';
import { openRoute, type Route, userRoute } from '../../pipeline/route.ts';

export interface SecondFactorRouteParts extends PasswordParts {
  readonly logins: Logins;
  readonly secondStep: SecondStep;
  readonly deviceCookies: DeviceCookies;
  readonly factors: SecondFactors;
  readonly stepUp: StepUp;
  /** Whether the origin is one of this server's. */
  readonly isOwnOrigin: (origin: string, host: string) => boolean;
}

/** Own factors, also while the login's second factor is pending or not set up. */
const OWN = { tag: 'Accounts', whilePending: true } as const;

export function secondFactorRoutes(parts: SecondFactorRouteParts): Route[] {
  const { logins, factors, secondStep, deviceCookies, isOwnOrigin } = parts;
  const partyOf = (from: PageOrigin) => relyingParty(isOwnOrigin, from);
  /** Undefined where passkeys are unavailable; other methods are still offered. */
  const partyIfAny = (from: PageOrigin): RelyingParty | undefined => {
    try {
      return partyOf(from);
    } catch {
      return undefined;
    }
  };
  return [
    openRoute({
      line: 'entry',
      method: 'POST',
      path: '/api/auth/second-factor/options',
      tag: 'Accounts',
      summary: 'Returns second-factor options of a pending login',
      answer: ProofOptions,
      problems: ['unauthenticated'],
      body: PendingBody,
      handle: ({ body, from }) => secondStep.options(body.pending, partyIfAny(from)),
    }),
    openRoute({
      line: 'entry',
      method: 'POST',
      path: '/api/auth/second-factor',
      tag: 'Accounts',
      summary: 'Completes a login with a second factor',
      answer: Tokens,
      problems: ['unauthenticated', 'bad_second_factor', 'bad_origin', 'account_disabled', 'rate_limited'],
      body: SecondFactorLoginBody,
      handle: async ({ body: { pending, ...proof }, from, ...request }) => {
        const { user, provenAt } = await secondStep.complete(pending, proof, {
          party: () => partyOf(from),
          ...givenFrom(request, deviceCookies),
        });
        const origin = originOf(request, deviceCookies, user.email);
        return withDeviceCookie(
          200,
          await logins.begin(user, origin, provenAt),
          request,
          deviceCookies,
          user.email,
          origin,
        );
      },
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/step-up/options',
      summary: 'Returns step-up options',
      answer: ProofOptions,
      handle: ({ who, from }) => factors.options(who.userId, who.loginId, partyIfAny(from)),
    }),
    userRoute({
      ...OWN,
      line: 'own',
      method: 'POST',
      path: '/api/auth/step-up',
      summary: 'Steps up the current login',
      description:
        'Re-authenticates for operations that answer `step_up_required`. The password suffices only for accounts without a second factor.',
      answer: SteppedUp,
      problems: ['bad_second_factor', 'wrong_password', 'bad_origin', 'rate_limited'],
      body: StepUpBody,
      handle: async ({ body, who, from, ...request }) => ({
        until: (
          await proveAgain(parts, who, body, { party: () => partyOf(from), ...givenFrom(request, deviceCookies) })
        ).toISOString(),
      }),
    }),
    userRoute({
      ...OWN,
      method: 'GET',
      path: '/api/auth/second-factors',
      summary: "Lists the caller's second factors",
      description: 'With the number of unused recovery codes.',
      answer: SecondFactorList,
      handle: ({ who }) => factors.list(who),
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/second-factors/totp',
      summary: 'Creates a TOTP secret',
      description: 'Takes effect after confirmation with a code from the authenticator app.',
      answer: TotpSetup,
      problems: ['second_factor_exists'],
      status: 201,
      stepUp: 'always',
      body: TotpSetupBody,
      handle: ({ body, who }) => factors.offerTotp(who.userId, body.name),
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/second-factors/totp/:id/confirm',
      summary: 'Confirms a TOTP secret',
      answer: AddedFactor,
      problems: ['bad_second_factor', 'rate_limited'],
      stepUp: 'always',
      params: PathId,
      body: TotpConfirmBody,
      handle: ({ params, body, who, address }) => factors.confirmTotp(who, params.id, body.code, address),
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/second-factors/passkey/options',
      summary: 'Returns passkey creation options',
      answer: PasskeyOptions,
      problems: ['second_factor_exists', 'bad_origin', 'bad_request'],
      stepUp: 'always',
      handle: ({ who, from }) => factors.passkeyOptions(who, partyOf(from)),
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/second-factors/passkey',
      summary: 'Registers a passkey',
      answer: AddedFactor,
      problems: ['bad_second_factor', 'second_factor_exists', 'bad_origin'],
      status: 201,
      stepUp: 'always',
      body: PasskeyBody,
      handle: ({ body, who, from, address }) =>
        factors.addPasskey(who, body.name, body.passkey, partyOf(from), address),
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/second-factors/recovery-codes',
      summary: 'Creates new recovery codes',
      description: 'Shown once. Earlier codes become invalid.',
      answer: RecoveryCodes,
      problems: ['not_found'],
      stepUp: 'always',
      handle: async ({ who }) => ({ recoveryCodes: await factors.renewRecoveryCodes(who.userId) }),
    }),
    userRoute({
      ...OWN,
      method: 'PATCH',
      path: '/api/auth/second-factors/:id',
      summary: 'Renames a second factor',
      answer: SecondFactor,
      params: PathId,
      body: RenameFactorBody,
      handle: ({ params, body, who }) => factors.rename(who.userId, params.id, body.name),
    }),
    userRoute({
      ...OWN,
      method: 'DELETE',
      path: '/api/auth/second-factors/:id',
      summary: 'Removes a second factor',
      description: 'Removing the last one also removes the recovery codes.',
      stepUp: 'always',
      params: PathId,
      handle: ({ params, who, address }) => factors.remove(who, params.id, address),
    }),
  ];
}
