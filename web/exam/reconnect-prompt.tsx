import type { InvigilClient } from '../sdk/client.ts';
import type { StateChange } from '../sdk/link-state.ts';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';
import { common } from '../shared/messages/common.ts';
import { t } from './messages.ts';

interface ReconnectPromptProps {
  readonly api: Api;
  readonly client: InvigilClient;
  readonly link: StateChange;
}

/** Shown when the client does not reconnect on its own: the reason, and a way to continue. */
export function ReconnectPrompt({ api, client, link }: ReconnectPromptProps) {
  const again = () => void client.connect().catch(() => {});
  if (link.state === 'unauthenticated' && link.retryInMs === undefined) {
    return (
      <div class="stack">
        <p class="note warn" role="alert">
          {t.loginExpired}
        </p>
        {api.user ? (
          <button onClick={again}>{t.continue}</button>
        ) : (
          <Login api={api} title={t.logInAgain} onDone={again} />
        )}
      </div>
    );
  }
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
