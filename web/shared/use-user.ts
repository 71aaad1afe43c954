import { useEffect, useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from './api.ts';

/** The user who is logged in; renders again when that changes. */
export function useUser(api: Api): User | undefined {
  const [user, setUser] = useState(api.user);
  useEffect(() => {
    // Another tab may have logged in or out since this was drawn.
    setUser(api.user);
    return api.onUser(setUser);
  }, [api]);
  return user;
}
