import type { User } from '../../protocol/http/accounts.ts';
import type { InvigilClient } from '../sdk/client.ts';
import type { StateChange } from '../sdk/link-state.ts';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';
import { common } from '../shared/messages/common.ts';
import { useUser } from '../shared/use-user.ts';
import { t } from './messages.ts';

interface ReconnectPromptProps {
  readonly api: Api;
  readonly client: InvigilClient;
  readonly link: StateChange;
  /** The student whose exam it is. */
  readonly owner: User | undefined;
}

/** Shown when the client does not reconnect on its own: the reason, and a way to continue. */
export function ReconnectPrompt({ api, client, link, owner }: ReconnectPromptProps) {
  const user = useUser(api);
  const again = () => void client.connect().catch(() => {});
  const stopped = link.retryInMs === undefined && (link.state === 'unauthenticated' || link.state === 'failed');
  // In another tab, or at the form below.
  if (stopped && user && owner && user.id !== owner.id)
    return (
      <div class="note warn stack" role="alert">
        <p>{t.otherUser(user.email, owner.email)}</p>
        <p>
          <button onClick={() => void api.signOut()}>{t.logInAs(owner.email)}</button>
        </p>
      </div>
    );
  if (stopped && (link.state === 'unauthenticated' || !user))
    return (
      <div class="stack">
        <p class="note warn" role="alert">
          {t.loginExpired}
        </p>
        {user ? (
          <button onClick={again}>{t.continue}</button>
        ) : (
          <Login
            api={api}
            title={t.logInAgain}
            email={owner?.email}
            onDone={() => {
              if (!owner || api.user?.id === owner.id) again();
            }}
          />
        )}
      </div>
    );
  if (link.state === 'takenOver') {
    return (
      <div class="note warn stack" role="alert">
        <p>{t.takenOver}</p>
        <p>
          <button onClick={again}>{t.continueHere}</button>
        </p>
      </div>
    );
  }
  if (link.state === 'failed') {
    return (
      <div class="note bad stack" role="alert">
        <p>{t.refused(link.closeCode === undefined ? (link.reason ?? '') : t.closedWith(link.closeCode))}</p>
        <p>
          <button onClick={again}>{common.retry}</button>
        </p>
      </div>
    );
  }
  return null;
}
