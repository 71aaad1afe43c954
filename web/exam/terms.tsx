import type { ExamDetails } from '../../protocol/http/exams.ts';
import { eventTitle } from '../shared/event-name.ts';

const rate = (fps: number) => (fps >= 1 ? `${fps} a second` : `one every ${Math.round(1 / fps)} s`);

/** What a student agrees to. */
export function Terms({ details }: { readonly details: ExamDetails }) {
  const { frames, gaze, watchedFor, signals, calibrationSeconds, retentionDays, evidenceDays } = details;
  return (
    <div class="card stack">
      <h2>What is recorded</h2>
      <ul class="terms">
        <li>
          <b>Camera pictures</b>, {rate(frames.sendFps)} at most. They are looked at on the exam's own server,{' '}
          {rate(frames.analyseFps)} at most: how many faces there are, and which way the head{' '}
          {gaze ? 'and the eyes are' : 'is'} turned. No feelings are guessed, and nobody is recognised by their face.
          {calibrationSeconds > 0 &&
            ` The first ${calibrationSeconds} s show how you sit: look straight at the screen.`}
        </li>
        <li>
          <b>What happens in this browser window</b>: leaving the tab, the window or full screen, copying and pasting
          (that it happened and how much, never what), the context menu.
        </li>
        <li>
          <b>Your connection</b>: when it was lost and when it came back. Losing it does not count against you.
        </li>
      </ul>
      <details>
        <summary>Everything that is noted</summary>
        <ul class="terms small">
          {watchedFor.map(({ type, holdSeconds }) => (
            <li key={type}>
              {eventTitle({ type })}
              {holdSeconds > 0 && `, when it lasts for ${holdSeconds} s`}
            </li>
          ))}
          {signals.map((type) => (
            <li key={type}>{eventTitle({ type })}</li>
          ))}
        </ul>
      </details>
      <p>
        {evidenceDays === null
          ? 'Pictures are looked at and forgotten. '
          : `Pictures are looked at and forgotten, except up to three of each thing that the camera shows and that is noted: when it began, when it was clearest, and when it was over. They are encrypted, kept for ${evidenceDays} days, and every look at one is recorded. `}
        What was noted is kept for {retentionDays} days and then deleted.
      </p>
      <p>
        <b>Who sees it</b>: you, as it is noted; the proctors and administrators of this server, who may also watch the
        camera's picture during the exam and write to you; nobody else. A score only tells proctors where to look first:{' '}
        <b>every decision is made by a person</b>, and can be explained to you.
      </p>
    </div>
  );
}
