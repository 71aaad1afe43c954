import { timeOfDay } from '../shared/time-format.ts';
import type { Notice } from './session-view.ts';

/**
 * What proctors have written, newest first. The element is always there, so that screen readers say what comes into it.
 */
export function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  return (
    <div class="stack notices" role="log" aria-label="Messages from proctors">
      {notices.map(({ at, text }) => (
        <p key={at} class="note">
          <b>Proctor, {timeOfDay(at)}:</b> {text}
        </p>
      ))}
    </div>
  );
}
