import { ERROR_CODES, type ErrorCode, ProtocolError, type ProtocolErrorOptions } from '../../protocol/errors.ts';

/** A ProtocolError between nodes, with what the edge of the other one needs. */
export interface ErrorWire extends Omit<ProtocolErrorOptions, 'cause'> {
  readonly code: string;
  readonly message: string;
}

export const errorToWire = (error: ProtocolError): ErrorWire => {
  const { code, message, retryable, close, ref, fields, retryAfterSeconds, refusal } = error;
  return {
    code,
    message,
    retryable,
    fields,
    ...(close !== undefined && { close }),
    ...(ref !== undefined && { ref }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(refusal !== undefined && { refusal }),
  };
};

const isKnown = (code: string): code is ErrorCode => (ERROR_CODES as readonly string[]).includes(code);

/** One of a newer version is `unavailable`. */
export const errorFromWire = ({ code, message, ...options }: ErrorWire): ProtocolError =>
  new ProtocolError(isKnown(code) ? code : 'unavailable', message, options);
