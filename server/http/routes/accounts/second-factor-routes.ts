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
  /** Whether a page of this origin is one of this server's. */
  readonly isOwnOrigin: (origin: string, host: string) => boolean;
}

/** A login's own factors: also for one that has still to prove or to set up its second factor. */
const OWN = { tag: 'Accounts', whilePending: true } as const;

export function secondFactorRoutes(parts: SecondFactorRouteParts): Route[] {
  const { logins, factors, secondStep, deviceCookies, isOwnOrigin } = parts;
  const partyOf = (from: PageOrigin) => relyingParty(isOwnOrigin, from);
  /** Undefined where passkeys cannot be used: the other methods are offered all the same. */
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
      summary: 'How a login whose password was right goes on',
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
      summary: 'Completes a login with its second factor',
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
      summary: 'How to prove again who you are',
      answer: ProofOptions,
      handle: ({ who, from }) => factors.options(who.userId, who.loginId, partyIfAny(from)),
    }),
    userRoute({
      ...OWN,
      line: 'own',
      method: 'POST',
      path: '/api/auth/step-up',
      summary: 'Proves again who you are, for what asks for it; by password only without a second factor',
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
      summary: 'Your second factors, and how many recovery codes are left',
      answer: SecondFactorList,
      handle: ({ who }) => factors.list(who),
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/second-factors/totp',
      summary: 'A secret for an authenticator app; it counts once a code of it was confirmed',
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
      summary: 'Confirms an authenticator app by a code that it shows',
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
      summary: 'What a browser needs to make a passkey',
      answer: PasskeyOptions,
      problems: ['second_factor_exists', 'bad_origin', 'bad_request'],
      stepUp: 'always',
      handle: ({ who, from }) => factors.passkeyOptions(who, partyOf(from)),
    }),
    userRoute({
      ...OWN,
      method: 'POST',
      path: '/api/auth/second-factors/passkey',
      summary: 'Adds the passkey that the browser has made',
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
      summary: 'New recovery codes, shown this once; those of before are worthless',
      answer: RecoveryCodes,
      problems: ['not_found'],
      stepUp: 'always',
      handle: async ({ who }) => ({ recoveryCodes: await factors.renewRecoveryCodes(who.userId) }),
    }),
    userRoute({
      ...OWN,
      method: 'PATCH',
      path: '/api/auth/second-factors/:id',
      summary: 'Another name for a second factor',
      answer: SecondFactor,
      params: PathId,
      body: RenameFactorBody,
      handle: ({ params, body, who }) => factors.rename(who.userId, params.id, body.name),
    }),
    userRoute({
      ...OWN,
      method: 'DELETE',
      path: '/api/auth/second-factors/:id',
      summary: 'Removes a second factor; with the last one go the recovery codes',
      stepUp: 'always',
      params: PathId,
      handle: ({ params, who, address }) => factors.remove(who, params.id, address),
    }),
  ];
}
