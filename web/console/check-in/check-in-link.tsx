import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';
import { WAITING } from './check-in-filter.ts';

/** In the navigation: how many students wait, on every page. */
export function CheckInLink({ waiting }: { readonly waiting: number }) {
  return (
    <a href={hrefOf({ page: 'check-ins', filter: WAITING })} aria-label={t.checkIn.navLabel(waiting)}>
      {waiting > 0 ? <b>{t.checkIn.nav(waiting)}</b> : t.checkIn.nav(waiting)}
    </a>
  );
}
