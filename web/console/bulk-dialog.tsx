import { useRef, useState } from 'preact/hooks';
import type {
  SessionCommandFailure,
  SessionCommandsAnswer,
  SessionCommandsBody,
} from '../../protocol/http/session-commands.ts';
import { MOST_COMMANDED } from '../../protocol/most-commanded.ts';
import type { Api } from '../shared/api.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { problemText } from '../shared/messages/problems.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';

export type BulkAct = SessionCommandsBody['do'];

/** Sessions that a command is for: selected ones, or everybody of an exam or a room. */
export interface BulkTarget {
  readonly sessions?: readonly string[];
  readonly exam?: string;
  readonly room?: string;
  /** Number of students, as far as it is known here. */
  readonly count: number;
}

interface BulkDialogProps {
  readonly api: Api;
  readonly act: BulkAct;
  readonly target: BulkTarget;
  /** Titles of the exams. */
  readonly exams: string;
  /** Reason that is filled in. */
  readonly reason?: string | undefined;
  /** Name of a session on this screen; undefined if it is not known here. */
  readonly nameOf: (id: string) => string | undefined;
  readonly onClose: (done: readonly string[]) => void;
}

/** Asks once, for all of them; then states in how many the command took effect, and names the others. */
export function BulkDialog({ api, act, target, exams, reason, nameOf, onClose }: BulkDialogProps) {
  const [fields, setFields] = useState<Omit<SessionCommandsBody, 'do' | 'sessions' | 'exam' | 'room'>>({});
  const [answer, setAnswer] = useState<SessionCommandsAnswer>();
  const action = useAction();
  // Kept while the command is the same: a request whose answer was lost is repeated without acting twice.
  const key = useRef({ of: '', value: '' });
  const keyOf = (body: typeof fields) => {
    const of = JSON.stringify(body);
    if (key.current.of !== of) key.current = { of, value: crypto.getRandomValues(new Uint32Array(4)).join('-') };
    return key.current.value;
  };
  const send = (body: typeof fields, to: BulkTarget) =>
    action.run(async () => {
      const next = await commandAll(api, { do: act, ...body }, to, keyOf(body));
      setAnswer((before) => ({
        done: [...(before?.done ?? []), ...next.done],
        failed: [...(before?.failed.filter(({ retryable }) => !retryable) ?? []), ...next.failed],
      }));
    });
  const submit = (event: SubmitEvent) => {
    const { text = '', minutes } = formValues(event);
    const body = {
      ...(act === 'message' ? { text } : text && { reason: text }),
      ...(act === 'extend' && { minutes: Number(minutes) }),
    };
    setFields(body);
    void send(body, target);
  };
  const close = () => onClose(answer?.done ?? []);
  return (
    <Dialog title={t.bulk.titles[act](target.count)} onClose={close}>
      <p>
        {target.room === undefined ? t.bulk.where(exams) : t.bulk.whereRoom(exams, target.room)}
        {target.exam !== undefined && ` ${t.bulk.everybodyNote}`}
      </p>
      {answer ? (
        <Result act={act} answer={answer} nameOf={nameOf} busy={action.busy} onClose={close}>
          {(ids) => void send(fields, { sessions: ids, count: ids.length })}
        </Result>
      ) : (
        <form class="stack" onSubmit={submit}>
          <p>{t.bulk.effects[act]}</p>
          {act === 'extend' && (
            <Field label={t.bulk.minutes} name="minutes" type="number" min={1} max={600} step={1} required />
          )}
          {act !== 'resume' && (
            <Field
              label={act === 'message' ? t.bulk.message : act === 'extend' ? t.bulk.reasonOptional : t.bulk.reason}
              name="text"
              maxLength={2000}
              value={reason}
              required={act === 'message' || act === 'terminate'}
            />
          )}
          <div class="row">
            <button class={act === 'terminate' ? 'danger' : 'primary'} disabled={action.busy}>
              {t.bulk.titles[act](target.count)}
            </button>
            <button type="button" onClick={close}>
              {common.cancel}
            </button>
          </div>
        </form>
      )}
      <p class="small" role="status">
        {action.busy ? t.bulk.working : answer ? t.bulk.done[act](answer.done.length) : ''}
      </p>
      <Problem>{action.error}</Problem>
    </Dialog>
  );
}

interface ResultProps {
  readonly act: BulkAct;
  readonly answer: SessionCommandsAnswer;
  readonly nameOf: (id: string) => string | undefined;
  readonly busy: boolean;
  readonly onClose: () => void;
  /** Tries again for these. */
  readonly children: (ids: readonly string[]) => void;
}

function Result({ answer: { failed }, nameOf, busy, onClose, children: again }: ResultProps) {
  const name = ({ sessionId }: SessionCommandFailure) => nameOf(sessionId) ?? t.bulk.unknown;
  // Sessions that have ended, for one, stay as they are.
  const repeatable = failed.filter(({ retryable }) => retryable).map(({ sessionId }) => sessionId);
  return (
    <div class="stack">
      {failed.length > 0 && (
        <div class="note warn" role="alert">
          <p>{t.bulk.failed(failed.length)}</p>
          <ul class="bulk-failed">
            {failed.map((one) => (
              <li key={one.sessionId}>
                <b>{name(one)}</b>: {problemText(one.code, { detail: one.detail, retryable: one.retryable })}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="row">
        {repeatable.length > 0 && (
          <button disabled={busy} onClick={() => again(repeatable)}>
            {t.bulk.again(repeatable.length)}
          </button>
        )}
        <button class="primary" onClick={onClose}>
          {t.bulk.close}
        </button>
      </div>
    </div>
  );
}

/** As many requests as the server's bound asks for. */
async function commandAll(
  api: Api,
  command: Omit<SessionCommandsBody, 'sessions' | 'exam' | 'room'>,
  { sessions, exam, room }: BulkTarget,
  key: string,
): Promise<SessionCommandsAnswer> {
  const post = (target: object) =>
    api.post<SessionCommandsAnswer>('/api/sessions/commands', { ...command, ...target }, key);
  if (!sessions) return post({ exam, ...(room !== undefined && { room }) });
  const answers: SessionCommandsAnswer[] = [];
  for (let from = 0; from < sessions.length; from += MOST_COMMANDED)
    answers.push(await post({ sessions: sessions.slice(from, from + MOST_COMMANDED) }));
  return { done: answers.flatMap(({ done }) => done), failed: answers.flatMap(({ failed }) => failed) };
}
