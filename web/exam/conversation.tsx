import { useEffect, useRef, useState } from 'preact/hooks';
import { MAX_HELD_MESSAGES, MAX_STUDENT_MESSAGE_BYTES } from '../../protocol/conversation.ts';
import { plainText } from '../../protocol/plain-text.ts';
import { utf8Bytes } from '../../protocol/signal-data.ts';
import type { InvigilClient } from '../sdk/client.ts';
import type { Api } from '../shared/api.ts';
import { TalkList } from '../shared/conversation/talk-list.tsx';
import { useTalk } from '../shared/conversation/use-talk.ts';
import { Problem } from '../shared/field.tsx';
import { talk } from '../shared/messages/conversation.ts';
import { t } from './messages.ts';
import type { SessionView } from './session-view.ts';

interface ConversationProps {
  readonly api: Api;
  readonly client: InvigilClient;
  readonly sessionId: string;
  readonly view: SessionView;
  /** Signals that wait for the server; messages are among them. */
  readonly pending: number;
}

/** Messages of the student and the staff, the student's hand, and whether somebody watches. */
export function Conversation({ api, client, sessionId, view, pending }: ConversationProps) {
  const items = useTalk(api, sessionId, view.events, view.link.state === 'live');
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const raised = useHand(client);
  const waiting = pending > 0 ? client.waitingMessages : [];
  useEffect(
    () =>
      client.on('messageRefused', ({ text: refused }) => {
        setFault(talk.notTaken);
        // Back into the field, unless something else is being written.
        setText((now) => now || refused);
      }),
    [client],
  );
  useReadMarks(client, items.findLast(({ kind, from }) => kind === 'message' && from === 'staff')?.seq);
  // As it is sent: invisible characters alone are no message.
  const isEmpty = plainText(text) === '';
  const isLong = utf8Bytes(text) > MAX_STUDENT_MESSAGE_BYTES;
  const send = () => {
    if (isEmpty || isLong) return;
    if (waiting.length >= MAX_HELD_MESSAGES) return setFault(talk.tooMany);
    client.sendMessage(text);
    setFault(undefined);
    setText('');
    // The button is disabled now, and would lose the focus.
    field.current?.focus();
  };
  if (!view.canWrite && items.length === 0 && view.watched === undefined) return null;
  return (
    <section class="card stack talk-part" aria-labelledby="talk">
      <div class="row between">
        <h2 id="talk">{talk.title}</h2>
        {view.canWrite && (
          <button class="small" aria-pressed={raised} onClick={() => client.raiseHand(!raised)}>
            {raised ? t.lowerHand : t.raiseHand}
          </button>
        )}
      </div>
      <p class="small" role="status">
        {raised && t.handRaised}
      </p>
      {view.watched !== undefined && view.link.state === 'live' && (
        <p class={view.watched ? 'small' : 'small muted'} role="status">
          {view.watched ? t.watched : t.unwatched}
        </p>
      )}
      <TalkList items={items} reader="student" waiting={waiting} labelledBy="talk" />
      {view.canWrite && (
        <form
          class="stack tight talk-form"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <label class="field">
            <span class="unseen">{t.messageToStaff}</span>
            <textarea
              ref={field}
              rows={2}
              value={text}
              placeholder={t.messageToStaff}
              maxLength={MAX_STUDENT_MESSAGE_BYTES}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <div>
            <button disabled={isEmpty || isLong}>{talk.send}</button>
          </div>
          <Problem>{isLong ? talk.tooLong : fault}</Problem>
        </form>
      )}
    </section>
  );
}

function useHand(client: InvigilClient): boolean {
  const [raised, setRaised] = useState(client.handRaised);
  useEffect(() => {
    setRaised(client.handRaised);
    return client.on('hand', (hand) => setRaised(hand.raised));
  }, [client]);
  return raised;
}

/** A message is read once the page that shows it is in front. @param newest of staff */
function useReadMarks(client: InvigilClient, newest: number | undefined): void {
  useEffect(() => {
    if (newest === undefined) return;
    const mark = () => {
      if (document.visibilityState === 'visible') client.markRead(newest);
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [client, newest]);
}
