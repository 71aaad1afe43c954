import { t } from './messages.ts';
import { useAsked } from './use-asked.ts';

/** Withdraws an open appeal, after a second look: it cannot be opened again. */
export function WithdrawAppeal({ busy, onWithdraw }: { readonly busy: boolean; readonly onWithdraw: () => void }) {
  const { asked, setAsked, question, button } = useAsked();
  return (
    <div class="stack tight">
      <p>{t.verdicts.pending}</p>
      {asked ? (
        <>
          <p ref={question} class="small" tabIndex={-1}>
            {t.verdicts.withdrawNote}
          </p>
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
          <button ref={button} class="small" onClick={() => setAsked(true)}>
            {t.verdicts.withdraw}
          </button>
        </div>
      )}
    </div>
  );
}
