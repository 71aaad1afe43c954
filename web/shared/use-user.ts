import { useEffect, useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from './api.ts';

/** The user who is logged in; renders again when that changes. */
export function useUser(api: Api): User | undefined {
  const [user, setUser] = useState(api.user);
  useEffect(() => api.onUser(setUser), [api]);
  return user;
}
