import type { StudentExamRow } from '../../db/available-exams.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { INCIDENTS, type IncidentType, SIGNALS } from '../../protocol/event-types.ts';
import type { AvailableExam, ExamDetails } from '../../protocol/http/exams.ts';
import {
  asksCheckIn,
  challengesOf,
  checkInOf,
  evidenceDays,
  keepsStartPicture,
  type Policy,
} from '../../protocol/policy.ts';
import { FIXED_HOLDS } from '../session/rules/holds.ts';
import { accommodatedPolicy } from '../session/rules/accommodations.ts';
import { extraMinutesOf, grantedTo } from '../session/live/granted.ts';
import { checkInFrom, neededCheckIn, needsCheckIn, whyNoCheckIn } from '../session/live/check-in-gate.ts';
import { lateStartEnd, statusAt, windowEnd } from '../session/live/exam-window.ts';
import { nextAttempt } from '../session/live/next-attempt.ts';

/** Exam for a student. */
export function availableExam(row: StudentExamRow, now: number): AvailableExam {
  const extraMinutes = extraMinutesOf(row);
  const status = statusAt(row, now);
  const ends = windowEnd(row, extraMinutes);
  const lateUntil = lateStartEnd(row);
  const reason = whyNot({ ...row, status }, extraMinutes, now);
  return {
    id: row.id,
    title: row.title,
    status,
    openTo: row.open_to,
    startsAt: row.starts_at?.toISOString() ?? null,
    endsAt: ends === undefined ? null : new Date(ends).toISOString(),
    lateStartUntil: lateUntil === undefined ? null : new Date(lateUntil).toISOString(),
    timeZone: row.time_zone,
    durationMinutes: row.duration_minutes === null ? null : row.duration_minutes + extraMinutes,
    extraMinutes,
    breakMinutes: row.profile?.terms.breakMinutes ?? 0,
    accommodated: grantedTo(row) !== null,
    maxAttempts: row.max_attempts,
    attempts: row.last?.attempt ?? 0,
    readmission: row.readmission && { kind: row.readmission.kind },
    canStart: reason === undefined,
    reason: reason ? { code: reason.code, detail: reason.message } : null,
    runningSessionId: row.last && row.last.status !== 'ended' ? row.last.id : null,
    checkIn: needsCheckIn(row)
      ? {
          state: row.check_in?.state ?? null,
          opensAt: checkInFrom(row)?.toISOString() ?? null,
          canOpen: !row.check_in && whyNoCheckIn(row, now) === undefined,
        }
      : null,
  };
}

/** The error of a start now. */
function whyNot(exam: StudentExamRow, extraMinutes: number, now: number): ProtocolError | undefined {
  try {
    neededCheckIn(nextAttempt({ exam, extraMinutes, last: exam.last, readmission: exam.readmission }, now), exam);
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
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
    default:
      return FIXED_HOLDS[type];
  }
}

/** Details shown before consent, with the student's accommodations applied. */
export function examDetails(row: StudentExamRow, now: number): ExamDetails {
  const granted = grantedTo(row);
  const policy = granted ? accommodatedPolicy(row.policy, granted) : row.policy;
  const turns = challengesOf(policy);
  return {
    ...availableExam(row, now),
    frames: { sendFps: policy.frames.sendFps, analyseFps: policy.frames.analyseFps },
    calibrationSeconds: policy.calibration.seconds,
    studentView: policy.studentView,
    retentionDays: policy.retentionDays,
    evidenceDays: evidenceDays(policy),
    gaze: policy.gaze.enabled,
    challenges: turns.enabled ? { perHour: turns.perHour, seconds: turns.seconds } : null,
    checkInWants: asksCheckIn(policy) ? checkInOf(policy) : null,
    startPicture: keepsStartPicture(policy),
    watchedFor: INCIDENTS.map((type) => ({ type, holdSeconds: holdSeconds(policy, type) })),
    signals: [...SIGNALS],
  };
}
