import type { AuditCheckpoint } from '../../../protocol/http/audit-proofs.ts';
import type { Api } from '../../shared/api.ts';
import { ApiError } from '../../shared/api-error.ts';
import { Problem } from '../../shared/field.tsx';
import { saveFile } from '../../shared/save-file.ts';
import { dateAndTime } from '../../shared/time-format.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { useAction } from '../../shared/use-action.ts';
import { t } from '../messages.ts';

/** The newest signed head of the log, to be kept where the server cannot write. */
export function CheckpointCard({ api }: { readonly api: Api }) {
  const { value, error, reload } = useLoaded(() => newest(api), [api]);
  const action = useAction();
  const save = () =>
    action.run(async () => {
      const checkpoint = await newest(api);
      if (!checkpoint) return;
      saveFile(`checkpoint-${checkpoint.size}.txt`, new Blob([`${checkpoint.note}\n`], { type: 'text/plain' }));
      await reload();
    });
  return (
    <section class="card stack" aria-labelledby="checkpoint">
      <h2 id="checkpoint">{t.audit.checkpoint.title}</h2>
      <p class="small muted">{t.audit.checkpoint.about}</p>
      <Problem>{error ?? action.error}</Problem>
      {value === null && <p>{t.audit.checkpoint.none}</p>}
      {value && (
        <>
          <p>{t.audit.checkpoint.newest(value.size, dateAndTime(value.signedAt))}</p>
          <details class="small">
            <summary>{t.audit.checkpoint.key}</summary>
            <p class="code">{value.key}</p>
          </details>
          <p>
            <button disabled={action.busy} onClick={() => void save()}>
              {t.audit.checkpoint.save}
            </button>
          </p>
        </>
      )}
    </section>
  );
}

/** Null: none has been signed yet. */
async function newest(api: Api): Promise<AuditCheckpoint | null> {
  try {
    return await api.get<AuditCheckpoint>('/api/audit/checkpoint');
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
