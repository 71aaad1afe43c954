import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { TalkList } from '../shared/conversation/talk-list.tsx';
import { useTalk } from '../shared/conversation/use-talk.ts';
import { talk } from '../shared/messages/conversation.ts';

interface ReportTalkProps {
  readonly api: Api;
  readonly session: SessionView;
  readonly events: readonly Event[];
}

/** The conversation in a report; nothing if there was none. */
export function ReportTalk({ api, session, events }: ReportTalkProps) {
  const items = useTalk(api, session.id, events, session.status);
  if (items.length === 0) return null;
  return (
    <section class="stack tight">
      <h2 id="talk">{talk.title}</h2>
      <TalkList items={items} reader="staff" labelledBy="talk" />
    </section>
  );
}
