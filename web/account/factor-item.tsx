import { useState } from 'preact/hooks';
import type { SecondFactor } from '../../protocol/http/second-factors.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';

interface FactorItemProps {
  readonly api: Api;
  readonly factor: SecondFactor;
  /** The only one: without it the password is enough. */
  readonly last: boolean;
  readonly onChange: () => Promise<void>;
}

const KINDS: Readonly<Record<SecondFactor['kind'], string>> = { totp: 'Authenticator app', passkey: 'Passkey' };
const day = (time: string) =>
  new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** One second factor, to be renamed or removed. */
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
      // Its own dialog may have to be asked first, and only one is open at a time.
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
          {KINDS[kind]}, added {day(createdAt)}, {lastUsedAt ? `last used ${day(lastUsedAt)}` : 'not used yet'}
        </span>
      </span>
      <span class="row">
        <button class="small" aria-label={`Rename ${name}`} onClick={() => setOpen('rename')}>
          Rename
        </button>
        <button class="small danger" aria-label={`Remove ${name}`} onClick={() => setOpen('remove')}>
          Remove
        </button>
      </span>
      {!open && <Problem>{error}</Problem>}
      {open === 'rename' && (
        <Dialog title="Rename" onClose={() => setOpen(undefined)}>
          <form class="stack" onSubmit={rename}>
            <Field label="Name" name="name" value={name} required maxLength={60} />
            <Problem>{error}</Problem>
            <p class="row">
              <button class="primary" disabled={busy}>
                Rename
              </button>
              <button type="button" onClick={() => setOpen(undefined)}>
                Cancel
              </button>
            </p>
          </form>
        </Dialog>
      )}
      {open === 'remove' && (
        <Dialog title={`Remove ${name}?`} onClose={() => setOpen(undefined)}>
          <p>
            {last
              ? 'It is the only one: from then on the password is enough to log in, and the recovery codes are worthless.'
              : 'It can then not be used to log in any more.'}
          </p>
          <p class="row">
            <button class="danger" disabled={busy} onClick={() => void remove()}>
              Remove
            </button>
            <button onClick={() => setOpen(undefined)}>Cancel</button>
          </p>
        </Dialog>
      )}
    </li>
  );
}
