import type { GivenFrom } from '../../../auth/passwords/change-password.ts';
import type { DeviceCookies } from '../../../auth/logins/device-cookies.ts';
import { deviceLabel } from '../../../auth/logins/device-label.ts';
import type { LoginOrigin } from '../../../auth/logins/logins.ts';
import { Reply } from '../../pipeline/route.ts';

interface Request {
  readonly address: string;
  readonly header: (name: string) => string;
}

/** Origin of the requesting page if it is one of this server's; browsers send it with every POST. */
function ownOrigin(header: Request['header']): URL | undefined {
  const origin = header('origin');
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url?.host === header('host') ? url : undefined;
}

/** Device information of a request. Only browsers on own pages get a device key; programs need none. */
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

/** Response to a login, with the device cookie if one is to be set. */
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

/** Origin of a repeated password. */
export const givenFrom = ({ address, header }: Request, cookies: DeviceCookies): GivenFrom => ({
  address,
  keyFor: (email) => cookies.read(header('cookie'), email),
});
