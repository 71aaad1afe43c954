import { useState } from 'preact/hooks';
import type { SecondFactor } from '../../protocol/http/second-factors.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { day } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';

interface FactorItemProps {
  readonly api: Api;
  readonly factor: SecondFactor;
  /** The only one: without it the password alone is enough. */
  readonly last: boolean;
  readonly onChange: () => Promise<void>;
}

/** One second factor, with buttons to rename and remove it. */
export function FactorItem({
  api,
  factor: { id, kind, name, createdAt, lastUsedAt },
  last,
  onChange,
}: FactorItemProps) {
  const [open, setOpen] = useState<'rename' | 'remove'>();
  const { busy, error, run } = useAction();
  const path = `/api/auth/second-factors/${id}`;
  const finish = async () => {
    setOpen(undefined);
    await onChange();
  };
  const rename = (event: SubmitEvent) => {
    const values = formValues(event);
    void run(async () => {
      await api.patch(path, { name: values['name'] });
      await finish();
    });
  };
  const remove = () =>
    run(async () => {
      // A step-up dialog may follow, and only one dialog is open at a time.
      setOpen(undefined);
      await api.delete(path);
      await finish();
    });
  return (
    <li class="row between">
      <span>
        <strong>{name}</strong>
        <br />
        <span class="small muted">
          {t.factorAdded(t.kinds[kind], day(createdAt))} ·{' '}
          {lastUsedAt ? t.factorLastUsed(day(lastUsedAt)) : t.factorUnused}
        </span>
      </span>
      <span class="row">
        <button class="small" aria-label={t.renameFactor(name)} onClick={() => setOpen('rename')}>
          {t.rename}
        </button>
        <button class="small danger" aria-label={t.removeFactor(name)} onClick={() => setOpen('remove')}>
          {t.remove}
        </button>
      </span>
      {!open && <Problem>{error}</Problem>}
      {open === 'rename' && (
        <Dialog title={t.rename} onClose={() => setOpen(undefined)}>
          <form class="stack" onSubmit={rename}>
            <Field label={t.name} name="name" value={name} required maxLength={60} />
            <Problem>{error}</Problem>
            <p class="row">
              <button class="primary" disabled={busy}>
                {t.rename}
              </button>
              <button type="button" onClick={() => setOpen(undefined)}>
                {common.cancel}
              </button>
            </p>
          </form>
        </Dialog>
      )}
      {open === 'remove' && (
        <Dialog title={t.removeTitle(name)} onClose={() => setOpen(undefined)}>
          <p>{last ? t.removeLast : t.removeOne}</p>
          <p class="row">
            <button class="danger" disabled={busy} onClick={() => void remove()}>
              {t.remove}
            </button>
            <button onClick={() => setOpen(undefined)}>{common.cancel}</button>
          </p>
        </Dialog>
      )}
    </li>
  );
}
