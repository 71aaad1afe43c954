import type { GivenFrom } from '../../../auth/passwords/change-password.ts';
import type { DeviceCookies } from '../../../auth/logins/device-cookies.ts';
import { deviceLabel } from '../../../auth/logins/device-label.ts';
import type { LoginOrigin } from '../../../auth/logins/logins.ts';
import { Reply } from '../../pipeline/route.ts';

interface Request {
  readonly address: string;
  readonly header: (name: string) => string;
}

/** The origin of the page that asks, when it is one of this server's: browsers name it with every POST. */
function ownOrigin(header: Request['header']): URL | undefined {
  const origin = header('origin');
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url?.host === header('host') ? url : undefined;
}

/**
 * What a request tells of the device that it comes from. A key is given to browsers on pages of ours only: programs
 * need none.
 */
export function originOf({ address, header }: Request, cookies: DeviceCookies, email: string): LoginOrigin {
  const cookie = header('cookie');
  const knownKey = cookies.read(cookie, email);
  return {
    address,
    device: deviceLabel(header('user-agent')),
    knownKey,
    deviceKey: ownOrigin(header) && cookies.keyFor(cookie, email),
  };
}

/** The answer to a login, with the device cookie where there is one to set. */
export function withDeviceCookie<T>(
  status: number,
  body: T,
  { header }: Request,
  cookies: DeviceCookies,
  email: string,
  { deviceKey }: LoginOrigin,
): Reply {
  const secure = ownOrigin(header)?.protocol === 'https:';
  return new Reply(
    status,
    body,
    deviceKey ? { 'Set-Cookie': cookies.write(header('cookie'), email, deviceKey, secure) } : {},
  );
}

/** Where a password that is given again comes from. */
export const givenFrom = ({ address, header }: Request, cookies: DeviceCookies): GivenFrom => ({
  address,
  keyFor: (email) => cookies.read(header('cookie'), email),
});
