import { useEffect, useState } from 'preact/hooks';
import type { OwnLogins } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';

const when = (time: string) =>
  new Date(time).toLocaleString('en-GB', { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });

/** Where one is logged in, and the end of it. */
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
      <h2 id="logins">Where you are logged in</h2>
      <ul class="plain factor-list">
        {items?.map(({ id, device, createdAt, lastUsedAt, current }) => (
          <li key={id} class="row between">
            <span>
              <strong>{device || 'A program'}</strong> {current && <span class="badge low">this one</span>}
              <br />
              <span class="small muted">
                since {when(createdAt)}, last used {when(lastUsedAt)}
              </span>
            </span>
            {!current && (
              <button
                class="small"
                disabled={busy}
                aria-label={`Log out ${device || 'a program'}, since ${when(createdAt)}`}
                onClick={() => void end(id)}
              >
                Log out
              </button>
            )}
          </li>
        ))}
      </ul>
      <Problem>{error}</Problem>
      {items && items.length > 1 && (
        <p>
          <button disabled={busy} onClick={() => void endOthers()}>
            Log out everywhere else
          </button>
        </p>
      )}
    </section>
  );
}
