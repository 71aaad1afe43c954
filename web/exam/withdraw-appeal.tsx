import { useState } from 'preact/hooks';
import { t } from './messages.ts';

/** Withdraws an open appeal, after a second look: it cannot be opened again. */
export function WithdrawAppeal({ busy, onWithdraw }: { readonly busy: boolean; readonly onWithdraw: () => void }) {
  const [asked, setAsked] = useState(false);
  return (
    <div class="stack tight">
      <p>{t.verdicts.pending}</p>
      {asked ? (
        <>
          <p class="small">{t.verdicts.withdrawNote}</p>
          <div class="row">
            <button class="danger" disabled={busy} onClick={onWithdraw}>
              {t.verdicts.confirmWithdraw}
            </button>
            <button disabled={busy} onClick={() => setAsked(false)}>
              {t.verdicts.cancel}
            </button>
          </div>
        </>
      ) : (
        <div class="row">
          <button class="small" onClick={() => setAsked(true)}>
            {t.verdicts.withdraw}
          </button>
        </div>
      )}
    </div>
  );
}
