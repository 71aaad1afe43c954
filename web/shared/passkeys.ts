import { loginText } from './messages/login.ts';
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';

/** Passkeys need a secure context and a host name: browsers refuse them for IP addresses. */
export const passkeysWork = (): boolean =>
  isSecureContext && browserSupportsWebAuthn() && !/^[\d.]+$|^\[/.test(location.hostname);

/** Error for the user, from the browser's refusal to use or create a passkey. */
function passkeyError(error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError') return new Error(loginText.passkeyExists);
  if (name === 'NotAllowedError' || name === 'AbortError') return new Error(loginText.passkeyCancelled);
  return error instanceof Error ? error : new Error(String(error));
}

type Options = Readonly<Record<string, unknown>>;

/** @param options as the server answers them */
export async function askPasskey(options: Options): Promise<object> {
  try {
    return await startAuthentication({
      optionsJSON: options as unknown as Parameters<typeof startAuthentication>[0]['optionsJSON'],
    });
  } catch (error) {
    throw passkeyError(error);
  }
}

/** @param options as the server answers them */
export async function makePasskey(options: Options): Promise<object> {
  try {
    return await startRegistration({
      optionsJSON: options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'],
    });
  } catch (error) {
    throw passkeyError(error);
  }
}
