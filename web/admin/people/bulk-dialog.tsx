import { useRef, useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { messageOf } from '../../shared/api-error.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { Field } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number, plural } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';

export type BulkAct = 'disable' | 'enable' | 'anonymise';

/** Accounts that a request did not change. */
interface Fault {
  readonly person: User;
  readonly problem: string;
}

const FAULTS_SHOWN = 20;
const NAMES_SHOWN = 10;

interface BulkDialogProps {
  readonly api: Api;
  readonly act: BulkAct;
  readonly people: readonly User[];
  /** Id of the author, whose own account is left out. */
  readonly self: string;
  /** Whether an account was changed. */
  readonly onClose: (changed: boolean) => void;
}

/**
 * Changes accounts one after another, each in a request and an entry of the audit log of its own. An account that is
 * refused does not stop the others.
 */
export function BulkDialog({ api, act, people, self, onClose }: BulkDialogProps) {
  const [typed, setTyped] = useState('');
  const [state, setState] = useState<'asking' | 'running' | 'over'>('asking');
  const [done, setDone] = useState(0);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const isStopped = useRef(false);
  const others = people.filter(({ id }) => id !== self);
  const texts = t.bulk.acts[act];
  const phrase = act === 'anonymise' ? plural(others.length, t.bulk.phrase) : '';
  const only = others.length === 1 ? others[0] : undefined;
  const name = only && (only.name || only.email);
  const title =
    state === 'over'
      ? plural(done, texts.done)
      : name
        ? t.bulk.titleOne(texts.name, name)
        : plural(others.length, texts.title);
  const change = ({ id }: User) =>
    act === 'anonymise'
      ? api.post(`/api/users/${id}/anonymise`)
      : api.patch(`/api/users/${id}`, { disabled: act === 'disable' });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim() !== phrase) return;
    setState('running');
    for (const person of others) {
      if (isStopped.current) break;
      try {
        await change(person);
        setDone((before) => before + 1);
      } catch (error) {
        setFaults((before) => [...before, { person, problem: messageOf(error) }]);
      }
    }
    setState('over');
  };
  const close = () => {
    isStopped.current = true;
    onClose(done > 0);
  };
  return (
    <Dialog title={title} onClose={close}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{act === 'anonymise' && others.length === 1 ? t.bulk.acts.anonymise.effectOne : texts.effect}</p>
        {!only && others.length > 0 && (
          <p class="small">
            {t.bulk.names(
              others.slice(0, NAMES_SHOWN).map((one) => one.name || one.email),
              others.length,
            )}
          </p>
        )}
        {others.length < people.length && <p class="small muted">{t.bulk.ownLeftOut}</p>}
        {state === 'asking' && phrase !== '' && (
          <Field
            label={t.bulk.confirm(phrase)}
            autocomplete="off"
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        <p role="status">
          {state === 'running' && t.bulk.progress(number(done + faults.length), number(others.length))}
        </p>
        {faults.length > 0 && (
          <div class="note bad stack tight" role="alert">
            <p>{plural(faults.length, t.bulk.failed)}</p>
            <ul>
              {faults.slice(0, FAULTS_SHOWN).map(({ person, problem }) => (
                <li key={person.id}>{t.bulk.fault(person.name || person.email, problem)}</li>
              ))}
            </ul>
            {faults.length > FAULTS_SHOWN && <p>{plural(faults.length - FAULTS_SHOWN, t.bulk.moreFaults)}</p>}
          </div>
        )}
        <div class="row">
          {state === 'asking' && (
            <button
              class={act === 'enable' ? 'primary' : 'danger'}
              disabled={others.length === 0 || typed.trim() !== phrase}
            >
              {texts.name}
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              if (state === 'running') isStopped.current = true;
              else close();
            }}
          >
            {state === 'asking' ? common.cancel : state === 'running' ? t.bulk.stop : t.bulk.close}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
