import { zonedTimeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';
import type { ProctorMessage } from './session-view.ts';

/** Messages from proctors, newest first. Always rendered, so that screen readers announce what is added. */
export function ProctorMessages({ messages }: { readonly messages: readonly ProctorMessage[] }) {
  return (
    <div class="stack proctor-messages" role="log" aria-label={t.messages}>
      {messages.map(({ at, text }) => (
        <p key={at} class="note">
          <b>{t.fromProctor(zonedTimeOfDay(at))}</b> {text}
        </p>
      ))}
    </div>
  );
}
