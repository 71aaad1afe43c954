import type { EventRow } from '../../../db/events.ts';
import type { Detection } from '../../../models/jobs.ts';
import { keepsStartPicture } from '../../../protocol/policy.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import { isFaceDark } from '../rules/face-light.ts';
import { peopleOf } from '../rules/people.ts';
import { NOTHING_ASKED } from './request-parts.ts';

/** Degrees from the straight pose: a face that can be compared. */
const FACING = 12;

/**
 * Keeps the first frame after the calibration that shows one face, lit and facing the camera, where the policy wants one
 * (rule R4). Once a session.
 * @returns rows to be stored
 */
export function takeStartPicture(recorder: SessionRecorder, frame: SeenFrame, detection: Detection): EventRow[] {
  const { state, straight } = recorder;
  if (!straight || state.requests?.startPicture || !recorder.keepsPictures || !keepsStartPicture(state.policy))
    return [];
  const { others } = peopleOf(detection.faces, state.policy.multipleFaces.minHeightRatio);
  const { pose, faceLuma } = detection;
  if (!pose || others.length > 0 || isFaceDark(faceLuma)) return [];
  if (Math.abs(pose.yaw - straight.yaw) > FACING || Math.abs(pose.pitch - straight.pitch) > FACING) return [];
  const row = recorder.instant('START_PICTURE', 'connection', frame.receivedAt);
  state.requests = { ...NOTHING_ASKED, ...state.requests, startPicture: row.id };
  recorder.keepPicture(row.id, 'start', frame);
  return [row];
}
