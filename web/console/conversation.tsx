import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import type { MessageTemplates } from '../../protocol/http/conversation.ts';
import type { Api } from '../shared/api.ts';
import { TalkList } from '../shared/conversation/talk-list.tsx';
import { useTalk } from '../shared/conversation/use-talk.ts';
import { Problem } from '../shared/field.tsx';
import { talk } from '../shared/messages/conversation.ts';
import { problemText } from '../shared/messages/problems.ts';
import { useAction } from '../shared/use-action.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import type { ConsoleClient } from './console-client.ts';
import { t } from './messages.ts';
import { TalkWords } from './talk-badges.tsx';

interface ConversationProps {
  readonly api: Api;
  readonly client: ConsoleClient;
  readonly session: SessionView;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  /** Newest first. */
  readonly events: readonly Event[];
  readonly mayCommand: boolean;
  /** Changes when events may have been missed. */
  readonly connection: unknown;
}

/** Conversation with the student of a session. What one of the staff has read or answered is read for all. */
export function Conversation({ api, client, session, name, events, mayCommand, connection }: ConversationProps) {
  const { id, conversation } = session;
  const items = useTalk(api, id, events, connection);
  const { error, busy, run } = useAction();
  const newest = items.findLast(({ kind, from }) => kind === 'message' && from === 'student');
  const unread = conversation?.unread ?? 0;
  const isOpen = mayCommand && session.status !== 'ended';
  const markRead = () =>
    run(async () => void (await api.put(`/api/sessions/${id}/conversation/read`, { upTo: newest?.seq ?? 1 })));
  const lowerHand = () => run(async () => void (await api.post(`/api/sessions/${id}/hand/lower`)));
  return (
    <section class="card stack" aria-labelledby="talk">
      <h2 id="talk">{talk.title}</h2>
      <div role="status">{isOpen && conversation && <TalkWords {...conversation} />}</div>
      <TalkList items={items} reader="staff" labelledBy="talk" />
      {isOpen && (unread > 0 || conversation?.hand) && (
        <div class="row">
          {unread > 0 && (
            <button class="small" disabled={busy} onClick={() => void markRead()}>
              {t.conversation.markRead}
            </button>
          )}
          {conversation?.hand && (
            <button class="small" disabled={busy} onClick={() => void lowerHand()}>
              {t.conversation.lowerHand}
            </button>
          )}
        </div>
      )}
      <Problem>{error}</Problem>
      {isOpen && (
        <Answer
          api={api}
          client={client}
          session={session}
          name={name}
          onSent={() => {
            if (unread > 0) void markRead();
          }}
        />
      )}
    </section>
  );
}

interface AnswerProps extends Pick<ConversationProps, 'api' | 'client' | 'session' | 'name'> {
  readonly onSent: () => void;
}

function Answer({ api, client, session, name, onSent }: AnswerProps) {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const [fault, setFault] = useState<string>();
  const { value } = useLoaded(
    () => api.get<MessageTemplates>(`/api/exams/${session.examId}/message-templates`),
    [api, session.examId],
  );
  const templates = value?.items ?? t.conversation.templates;
  useEffect(
    () =>
      client.on('error', ({ ref, code, message, retryable }) => {
        if (ref === session.id) setFault(problemText(code, { detail: message, retryable }));
      }),
    [client, session.id],
  );
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    const sent = client.command({ type: 'command', session: session.id, do: 'message', text });
    setFault(sent ? undefined : t.session.notSent);
    if (!sent) return;
    setText('');
    // The button is disabled now, and would lose the focus.
    field.current?.focus();
    onSent();
  };
  return (
    <form class="stack tight talk-form" onSubmit={send}>
      {templates.length > 0 && (
        <label class="field">
          <span>{t.conversation.template}</span>
          <select
            value=""
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              event.currentTarget.value = '';
              if (chosen) setText((now) => (now.trim() ? `${now.trimEnd()}\n${chosen}` : chosen));
            }}
          >
            <option value="">{t.conversation.chooseTemplate}</option>
            {templates.map((template) => (
              <option key={template} value={template}>
                {template}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        <span>{t.conversation.to(name)}</span>
        <textarea
          ref={field}
          rows={2}
          maxLength={2000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div>
        <button disabled={text.trim() === ''}>{talk.send}</button>
      </div>
      <Problem>{fault}</Problem>
    </form>
  );
}
