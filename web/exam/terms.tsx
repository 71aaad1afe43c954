import type { ExamDetails } from '../../protocol/http/exams.ts';
import { eventTitle } from '../shared/event-name.ts';
import { CHECK_IN_PICTURES } from '../../protocol/check-in-bounds.ts';
import { t } from './messages.ts';

/** The recording, its retention and access to it: the notice that a student agrees to. */
export function Terms({ details }: { readonly details: ExamDetails }) {
  const { frames, gaze, watchedFor, signals, calibrationSeconds, retentionDays, evidenceDays, studentView } = details;
  const { challenges, startPicture, checkInWants } = details;
  const { terms } = t;
  return (
    <div class="card stack">
      <h2>{terms.title}</h2>
      <ul class="terms">
        {checkInWants && (
          <li>
            <b>{t.checkIn.terms.title}</b>{' '}
            {t.checkIn.terms.shows(CHECK_IN_PICTURES.filter((kind) => checkInWants[kind]))} {t.checkIn.terms.who}{' '}
            {(checkInWants.photo || checkInWants.document) && t.checkIn.terms.erased(checkInWants.keepDays)}{' '}
            {checkInWants.room && t.checkIn.terms.room}
          </li>
        )}
        <li>
          <b>{terms.images}</b> {terms.imagesDetail(frames.sendFps, frames.analyseFps, gaze)}
          {calibrationSeconds > 0 && ` ${terms.calibration(calibrationSeconds)}`}
        </li>
        <li>
          <b>{terms.window}</b> {terms.windowDetail}
        </li>
        {challenges && (
          <li>
            <b>{terms.turns}</b> {terms.turnsDetail(challenges.seconds)}
          </li>
        )}
        <li>
          <b>{terms.connection}</b> {terms.connectionDetail}
        </li>
      </ul>
      <details>
        <summary>{terms.allEvents}</summary>
        <ul class="terms small">
          {watchedFor.map(({ type, holdSeconds }) => (
            <li key={type}>
              {holdSeconds > 0 ? terms.after(eventTitle({ type }), holdSeconds) : eventTitle({ type })}
            </li>
          ))}
          {signals.map((type) => (
            <li key={type}>{eventTitle({ type })}</li>
          ))}
        </ul>
      </details>
      <p>
        {evidenceDays === null ? terms.imagesDeleted : `${terms.imagesKept(evidenceDays)} ${terms.room}`}{' '}
        {startPicture && `${terms.startPicture} `}
        {terms.eventsKept(retentionDays)}
      </p>
      <p>
        <b>{terms.access}</b> {studentView === 'none' ? terms.seenAfter : terms.seenDuring} {terms.accessDetail}{' '}
        <b>{terms.decisions}</b> {terms.decisionsDetail}
      </p>
    </div>
  );
}
