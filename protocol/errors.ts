import type { SecurityKind } from './security-kinds.ts';

/** Error and close codes, shared by server, SDK and pages. Imports types only: also part of the browser SDK. */

export const CLOSE = {
  badMessage: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  helloTimeout: 4408,
  takenOver: 4409,
  sessionOver: 4410,
  /** Another server process has the session: reconnect at once, with `resume`. */
  moved: 4412,
  tooMuch: 4429,
  /** RFC 6455: the server is restarting or stopping; reconnect. */
  serviceRestart: 1012,
  internal: 1011,
} as const;
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

export const ERROR_CODES = [
  // requests
  'bad_request',
  'malformed_json',
  'malformed_body',
  'idempotency_conflict',
  'not_found',
  'method_not_allowed',
  'length_required',
  'too_large',
  'unsupported_media_type',
  'request_timeout',
  'rate_limited',
  'internal',
  'unavailable',
  // identity
  'unauthenticated',
  'token_expired',
  'forbidden',
  'bad_credentials',
  'refresh_reused',
  'refresh_raced',
  'account_disabled',
  'email_taken',
  'registration_refused',
  'registration_closed',
  'weak_password',
  'wrong_password',
  'reset_closed',
  'second_factor_required',
  'second_factor_setup_required',
  'bad_second_factor',
  'second_factor_exists',
  'step_up_required',
  'setup_closed',
  'last_admin',
  'bad_ticket',
  'bad_origin',
  'unknown_host',
  // exams and sessions
  'exam_not_active',
  'exam_outside_window',
  'exam_has_sessions',
  'changed_meanwhile',
  'not_enrolled',
  'has_exams',
  'bad_transition',
  'unknown_policy_version',
  'attempts_used',
  'readmission_required',
  'readmission_pending',
  'profile_name_taken',
  'profile_archived',
  'profile_in_use',
  'profile_changed',
  'session_exists',
  'session_over',
  'session_running',
  'session_paused',
  'session_not_live',
  'decided_meanwhile',
  'act_of_staff',
  'verdict_missing',
  'newer_verdict',
  'already_released',
  'second_person_required',
  'person_involved',
  'window_closed',
  'already_answered',
  'already_appealed',
  'appeal_open',
  'appeal_missing',
  'challenges_off',
  'request_pending',
  'start_picture_missing',
  'no_deadline',
  'claim_changed',
  'pictures_off',
  'unknown_category',
  'check_in_required',
  'check_in_off',
  'check_in_state',
  'check_in_changed',
  'check_in_incomplete',
  // audit
  'already_initialised',
  'no_checkpoint_yet',
  // sockets
  'bad_message',
  'unexpected_binary',
  'hello_expected',
  'already_greeted',
  'unknown_stream',
  'bad_sequence',
  'sequence_conflict',
  'window_exceeded',
  'reserved_signal',
  'bad_frame_header',
  'frame_too_large',
  'picture_too_large',
  'frame_out_of_order',
  'invalid_image',
  'frames_refused',
  'too_many_frames',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ProtocolErrorOptions {
  /** True if the same request can succeed later. */
  readonly retryable?: boolean;
  /** Close code to close the connection with, once the error has been sent. */
  readonly close?: CloseCode;
  /** Signal, frame, session or other resource that caused the error. */
  readonly ref?: string | number;
  /** Invalid parts of a request, by path: `body.email`, `query.limit`. */
  readonly fields?: readonly FieldFault[];
  /** Seconds after which a retry can succeed. */
  readonly retryAfterSeconds?: number;
  /** Entry for the audit log, written when the error is answered. Never sent. */
  readonly refusal?: Refusal;
  readonly cause?: unknown;
}

/** Entry of an error in the audit log. */
export interface Refusal {
  readonly kind: SecurityKind;
  /** User id, if it differs from the user of the requesting login. */
  readonly actor?: string | undefined;
  /** Id of the requested resource. */
  readonly target?: string | undefined;
}

export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** The only error class that crosses the wire; any other error is wrapped as `internal` at the edge. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly close: CloseCode | undefined;
  readonly ref: string | number | undefined;
  readonly fields: readonly FieldFault[];
  readonly retryAfterSeconds: number | undefined;
  readonly refusal: Refusal | undefined;

  constructor(code: ErrorCode, message: string, options: ProtocolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.close = options.close;
    this.ref = options.ref;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.refusal = options.refusal;
  }

  /** The message `error` of the sockets. */
  toWire(): { type: 'error'; code: ErrorCode; message: string; retryable: boolean; ref?: string | number } {
    const wire = { type: 'error', code: this.code, message: this.message, retryable: this.retryable } as const;
    return this.ref === undefined ? wire : { ...wire, ref: this.ref };
  }
}

/** A field of a request, as `body.name`, that is not as it has to be. @param message follows the field's name */
export const badField = (field: string, message: string): ProtocolError =>
  new ProtocolError('bad_request', `${field}: ${message}`, { ref: field, fields: [{ field, message }] });
