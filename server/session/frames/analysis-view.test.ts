import { describe, expect, test } from 'vitest';
import type { EventRow } from '../../../db/events.ts';
import { makeEvent, makeMinute } from '../../../test/support/rows.ts';
import { analysisView } from './analysis-view.ts';

/** 2026-01-01T10:00:00Z, the beginning of a minute. */
const T0 = 1_767_261_600_000;
const SESSION = '0191f0a0-0000-7000-8000-000000000001';

const minute = (n: number, changed = {}) => makeMinute(SESSION, { minute: new Date(T0 + n * 60_000), ...changed });

/** From and to in seconds; without an end it lasts. */
function incident(type: string, from: number, to?: number): EventRow {
  const times = {
    started_at: new Date(T0 + from * 1000),
    ended_at: to === undefined ? null : new Date(T0 + to * 1000),
  };
  return { ...makeEvent(SESSION, { type, source: 'vision', ...times }), review: null };
}

const SUMS = {
  received: 12,
  analysed: 4,
  dropped: { not_due: 8 },
  faces_none: 1,
  faces_one: 3,
  pose_frames: 2,
  yaw_sum: 10,
  yaw_squares: 100,
  pitch_sum: -6,
  pitch_squares: 18,
  gaze_frames: 1,
  gaze_yaw_sum: 4.004,
  gaze_yaw_squares: 16.032016,
  gaze_pitch_sum: -2,
  gaze_pitch_squares: 4,
  models: ['face@1.0'],
};

describe('the view of an analysed minute', () => {
  test('has means and standard deviations, and the share of frames whose gaze is known', () => {
    expect(analysisView([minute(0, SUMS)], [], T0)).toEqual([
      {
        minute: '2026-01-01T10:00:00.000Z',
        frames: { received: 12, analysed: 4, dropped: { not_due: 8 } },
        faces: { none: 1, one: 3, more: 0 },
        pose: { yaw: { mean: 5, deviation: 5 }, pitch: { mean: -3, deviation: 0 } },
        gaze: { known: 0.25, yaw: { mean: 4, deviation: 0 }, pitch: { mean: -2, deviation: 0 } },
        incidents: {},
        models: ['face@1.0'],
      },
    ]);
  });

  test('has null where nothing was measured', () => {
    expect(analysisView([minute(0)], [], T0)).toMatchObject([
      { pose: null, gaze: { known: 0, yaw: null, pitch: null }, models: [] },
    ]);
  });

  test('sums over the owners of the session in that minute', () => {
    const rows = [
      minute(0, SUMS),
      minute(0, { ...SUMS, owner_epoch: 2, yaw_sum: -10, dropped: { not_due: 1, replaced: 2 }, models: ['face@1.1'] }),
      minute(1, { received: 1 }),
    ];
    expect(analysisView(rows, [], T0)).toMatchObject([
      {
        frames: { received: 24, analysed: 8, dropped: { not_due: 9, replaced: 2 } },
        pose: { yaw: { mean: 0, deviation: 7.07 } },
        gaze: { known: 0.25 },
        models: ['face@1.0', 'face@1.1'],
      },
      { frames: { received: 1 } },
    ]);
  });

  test('has the incidents that began in it, and their duration within it', () => {
    const incidents = [
      incident('NO_FACE', 10, 22.5),
      incident('NO_FACE', 50, 130),
      incident('LOOKING_AWAY', 125),
      incident('INVALID_IMAGE', 60, 60),
      incident('CAMERA_COVERED', 0, 60),
    ];
    expect(
      analysisView([minute(0), minute(1), minute(2)], incidents, T0 + 140_000).map((shown) => shown.incidents),
    ).toEqual([
      { NO_FACE: { began: 2, seconds: 22.5 }, CAMERA_COVERED: { began: 1, seconds: 60 } },
      { NO_FACE: { began: 0, seconds: 60 }, INVALID_IMAGE: { began: 1, seconds: 0 } },
      { NO_FACE: { began: 0, seconds: 10 }, LOOKING_AWAY: { began: 1, seconds: 15 } },
    ]);
  });
});
