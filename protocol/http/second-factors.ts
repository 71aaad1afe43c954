import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { openObject } from './open-objects.ts';
import { text } from './text.ts';

/** Second factors of the requesting user, and their verification. */

/** Part of a WebAuthn message: base64url without padding. */
const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w-]+$/, 'must be base64url');

/** Ignored. */
const extensions = z.record(z.string().max(64), z.unknown()).optional().describe('Ignored.');

/** Assertion, as written by `PublicKeyCredential.toJSON()` (WebAuthn Level 3, section 5.1). */
export const PasskeyAssertion = openObject(
  z.object({
    id: base64url(1400),
    rawId: base64url(1400),
    type: z.literal('public-key'),
    response: openObject(
      z.object({
        clientDataJSON: base64url(4096),
        authenticatorData: base64url(4096),
        signature: base64url(4096),
        userHandle: base64url(128).optional(),
      }),
    ),
    clientExtensionResults: extensions,
    authenticatorAttachment: z.string().max(32).optional(),
  }),
  { id: 'PasskeyAssertion' },
);

/** The same for a new passkey. */
export const PasskeyRegistration = openObject(
  z.object({
    id: base64url(1400),
    rawId: base64url(1400),
    type: z.literal('public-key'),
    response: openObject(
      z.object({
        clientDataJSON: base64url(4096),
        attestationObject: base64url(8192),
        authenticatorData: base64url(4096).optional(),
        transports: z.array(z.string().max(32)).max(8).optional(),
        publicKeyAlgorithm: z.int().optional(),
        publicKey: base64url(8192).optional(),
      }),
    ),
    clientExtensionResults: extensions,
    authenticatorAttachment: z.string().max(32).optional(),
  }),
  { id: 'PasskeyRegistration' },
);

const proofs = {
  code: z
    .string()
    .regex(/^\d{6}$/, 'must be 6 digits')
    .optional()
    .describe('Code of the authenticator app.'),
  recoveryCode: z.string().min(1).max(64).optional().describe('Can be used once.'),
  passkey: PasskeyAssertion.optional(),
};
const one = (proof: object) => Object.values(proof).filter((value) => value !== undefined).length === 1;

export const SecondFactorProof = z.strictObject(proofs).refine(one, 'requires one of code, recoveryCode and passkey');
export type SecondFactorProof = z.infer<typeof SecondFactorProof>;

export const PROOF_METHODS = ['totp', 'passkey', 'recovery', 'password'] as const;
export const ProofMethod = z.enum(PROOF_METHODS);
export type ProofMethod = z.infer<typeof ProofMethod>;

/** `passkey`: options of `navigator.credentials.get` as JSON (WebAuthn Level 3, section 5.1.8). */
export const ProofOptions = z
  .object({
    methods: z.array(ProofMethod),
    passkey: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('Options of `navigator.credentials.get` as JSON; null without a passkey for this host.'),
  })
  .meta({ id: 'ProofOptions' });
export type ProofOptions = z.infer<typeof ProofOptions>;

const Pending = z.string().min(1).max(128).describe('The `ref` of the problem `second_factor_required`.');
export const PendingBody = z.object({ pending: Pending });
export const SecondFactorLoginBody = z
  .strictObject({ pending: Pending, ...proofs })
  .refine(({ pending: _pending, ...proof }) => one(proof), 'requires one of code, recoveryCode and passkey');

export const StepUpBody = z
  .strictObject({
    ...proofs,
    password: z.string().min(1).max(1024).optional().describe('For an account without a second factor.'),
  })
  .refine(one, 'requires one of code, recoveryCode, passkey and password');
export const SteppedUp = z
  .object({ until: Timestamp.describe('Time from which it is required again.') })
  .meta({ id: 'SteppedUp' });

export const SecondFactor = z
  .object({
    id: Id,
    kind: z.enum(['totp', 'passkey']),
    name: z.string(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'SecondFactor' });
export type SecondFactor = z.infer<typeof SecondFactor>;

export const SecondFactorList = z
  .object({
    items: z.array(SecondFactor),
    recoveryCodes: z.int().describe('Number of unused recovery codes.'),
    required: z.boolean().describe('True if the role requires a second factor.'),
  })
  .meta({ id: 'SecondFactorList' });
export type SecondFactorList = z.infer<typeof SecondFactorList>;

const FactorName = text(60);
export const TotpSetupBody = z.object({ name: FactorName.default('Authenticator app') });
export const TotpSetup = z
  .object({
    id: Id,
    secret: z.string().describe('Base 32, for manual entry.'),
    uri: z.string().describe('`otpauth://totp/...`, for a QR code.'),
  })
  .meta({ id: 'TotpSetup' });
export type TotpSetup = z.infer<typeof TotpSetup>;
export const TotpConfirmBody = z.object({ code: z.string().regex(/^\d{6}$/, 'must be 6 digits') });

export const PasskeyOptions = z
  .record(z.string(), z.unknown())
  .describe('Options of `navigator.credentials.create` as JSON.');
export const PasskeyBody = z.object({ name: FactorName.default('Passkey'), passkey: PasskeyRegistration });

export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });
/** The first factor of an account comes with recovery codes, shown only once. */
export const AddedFactor = z
  .object({ factor: SecondFactor, recoveryCodes: z.array(z.string()).nullable() })
  .meta({ id: 'AddedFactor' });
export type AddedFactor = z.infer<typeof AddedFactor>;

export const RenameFactorBody = z.strictObject({ name: FactorName });
