import { at } from '../shared/base-path.ts';
import { readLogin } from '../shared/login-store.ts';
import { t } from './messages.ts';

/** Link to the administration, for all but those who are logged in as somebody who cannot enter it. */
export function StaffLink() {
  const role = readLogin()?.user.role;
  if (role === 'student' || role === 'proctor' || role === 'reviewer') return null;
  return (
    <a class="button" href={at('/admin')}>
      {t.administration}
    </a>
  );
}
