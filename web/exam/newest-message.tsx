import { useState } from 'preact/hooks';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { t } from './messages.ts';
import type { StaffMessage } from './session-view.ts';

/**
 * The newest message of staff, above the questions until the student has taken note of it. Always rendered, so that
 * screen readers announce what is added.
 */
export function NewestMessage({ message }: { readonly message: StaffMessage | undefined }) {
  const [noted, setNoted] = useState<StaffMessage>();
  return (
    <div class="stack staff-message" role="log" aria-label={t.messages}>
      {message && message !== noted && (
        <div key={message.at} class="note row between">
          <p>
            <b>{t.fromStaff(message.from, zonedTimeOfDay(message.at))}</b> {message.text}
          </p>
          <button class="small" onClick={() => setNoted(message)}>
            {t.noted}
          </button>
        </div>
      )}
    </div>
  );
}
