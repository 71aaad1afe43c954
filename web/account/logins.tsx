import { useEffect, useState } from 'preact/hooks';
import type { OwnLogins } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';

/** The account's logins, with buttons to end them. */
export function Logins({ api }: { readonly api: Api }) {
  const [items, setItems] = useState<OwnLogins['items']>();
  const { busy, error, run } = useAction();
  const load = async () => setItems((await api.get<OwnLogins>('/api/auth/logins')).items);
  useEffect(() => void run(load), [api]);
  const end = (id: string) =>
    run(async () => {
      await api.delete(`/api/auth/logins/${id}`);
      await load();
    });
  const endOthers = () =>
    run(async () => {
      await api.post('/api/auth/logout-everywhere', { exceptThis: true });
      await load();
    });
  return (
    <section class="card stack" aria-labelledby="logins">
      <h2 id="logins">{t.logins}</h2>
      <ul class="plain factor-list">
        {items?.map(({ id, device, createdAt, lastUsedAt, current }) => (
          <li key={id} class="row between">
            <span>
              <strong>{device || t.unknownDevice}</strong> {current && <span class="badge low">{t.thisDevice}</span>}
              <br />
              <span class="small muted">{t.since(dateAndTime(createdAt), dateAndTime(lastUsedAt))}</span>
            </span>
            {!current && (
              <button
                class="small"
                disabled={busy}
                aria-label={t.logOutDevice(device || t.unknownDevice, dateAndTime(createdAt))}
                onClick={() => void end(id)}
              >
                {common.logOut}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Problem>{error}</Problem>
      {items && items.length > 1 && (
        <p>
          <button disabled={busy} onClick={() => void endOthers()}>
            {t.logOutOthers}
          </button>
        </p>
      )}
    </section>
  );
}
