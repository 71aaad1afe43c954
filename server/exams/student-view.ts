import type { StudentExamRow } from '../../db/available-exams.ts';
import { INCIDENTS, type IncidentType, SIGNALS } from '../../protocol/event-types.ts';
import type { AvailableExam, ExamDetails } from '../../protocol/http/exams.ts';
import { evidenceDays, type Policy } from '../../protocol/policy.ts';
import { accommodate } from '../session/rules/accommodations.ts';
import { whyClosed, windowEnd } from '../session/live/exam-window.ts';

/** Exam for a student. */
export function availableExam(row: StudentExamRow, now: number): AvailableExam {
  const extraMinutes = row.extra_minutes ?? 0;
  const ends = windowEnd(row, extraMinutes);
  const closed = whyClosed(row, extraMinutes, now);
  const reason =
    row.session_id === null
      ? closed && { code: closed.code, detail: closed.message }
      : { code: 'session_exists' as const, detail: 'a session of this exam is already running' };
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    startsAt: row.starts_at?.toISOString() ?? null,
    endsAt: ends === undefined ? null : new Date(ends).toISOString(),
    durationMinutes: row.duration_minutes === null ? null : row.duration_minutes + extraMinutes,
    extraMinutes,
    canStart: reason === undefined,
    reason: reason ?? null,
    runningSessionId: row.session_id,
  };
}

/** Seconds until an incident opens, at the policy's frame rate. */
function holdSeconds(policy: Policy, type: IncidentType): number {
  switch (type) {
    case 'NO_FACE':
      return policy.holds.noFace;
    case 'LOOKING_AWAY':
      return policy.holds.lookingAway;
    case 'CAMERA_COVERED':
      return policy.holds.cameraCovered;
    case 'FROZEN_VIDEO':
      return policy.holds.frozenVideo;
    case 'NO_FRAME_RECEIVED':
      return policy.holds.noFrame;
    // From the first to the last of the required frames.
    case 'MULTIPLE_FACES':
      return (policy.multipleFaces.frames - 1) / policy.frames.analyseFps;
    case 'INVALID_IMAGE':
      return 0;
  }
}

/** Details shown before consent, with the student's accommodations applied. */
export function examDetails(row: StudentExamRow, now: number): ExamDetails {
  const policy = accommodate(row.policy, row.detection ?? {});
  return {
    ...availableExam(row, now),
    frames: { sendFps: policy.frames.sendFps, analyseFps: policy.frames.analyseFps },
    calibrationSeconds: policy.calibration.seconds,
    studentView: policy.studentView,
    retentionDays: policy.retentionDays,
    evidenceDays: evidenceDays(policy),
    gaze: policy.gaze.enabled,
    watchedFor: INCIDENTS.map((type) => ({ type, holdSeconds: holdSeconds(policy, type) })),
    signals: [...SIGNALS],
  };
}
