import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';

/** Browsers make passkeys for host names on safe pages only. */
export const passkeysWork = (): boolean =>
  isSecureContext && browserSupportsWebAuthn() && !/^[\d.]+$|^\[/.test(location.hostname);

/** Why a passkey was not used or made, in words for whoever tried. */
function wordsOf(error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError') return new Error('This device has a passkey for your account already.');
  if (name === 'NotAllowedError' || name === 'AbortError')
    return new Error('No passkey was given: it was cancelled, or took too long.');
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
    throw wordsOf(error);
  }
}

/** @param options as the server answers them */
export async function makePasskey(options: Options): Promise<object> {
  try {
    return await startRegistration({
      optionsJSON: options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'],
    });
  } catch (error) {
    throw wordsOf(error);
  }
}
