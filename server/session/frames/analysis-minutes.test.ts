import { describe, expect, test } from 'vitest';
import {
  detection,
  face,
  NOBODY,
  pose,
  type Seen,
  STRAIGHT,
  TWO_FACES,
} from '../../../simulator/fixtures/detections.ts';
import { AnalysisMinutes } from './analysis-minutes.ts';

/** 2026-01-01T10:00:00Z, the beginning of a minute. */
const T0 = 1_767_261_600_000;
const SESSION = '0191f0a0-0000-7000-8000-000000000001';
const MODELS = [
  { name: 'face', version: '1.0', sha256: '' },
  { name: 'gaze', version: '2.1', sha256: '' },
];

const counted = () => new AnalysisMinutes(SESSION, 7, T0);
const see = (minutes: AnalysisMinutes, seen: Seen, at: number) => minutes.analysed(detection(seen), at);

describe('analysis counts of a minute', () => {
  test('count received, analysed and dropped frames, by reason', () => {
    const minutes = counted();
    for (let i = 0; i < 5; i++) minutes.received(T0 + i);
    see(minutes, STRAIGHT, T0 + 5);
    minutes.dropped('not_due', T0 + 6);
    minutes.dropped('not_due', T0 + 7);
    minutes.dropped('invalid', T0 + 8);
    expect(minutes.take(MODELS, T0 + 9)).toMatchObject([
      {
        session_id: SESSION,
        owner_epoch: 7,
        minute: new Date(T0),
        received: 5,
        analysed: 1,
        dropped: { not_due: 2, invalid: 1 },
        models: ['face@1.0', 'gaze@2.1'],
      },
    ]);
  });

  test('count analysed frames by their faces, and sum angles with their squares', () => {
    const minutes = counted();
    see(minutes, NOBODY, T0);
    see(minutes, TWO_FACES, T0);
    see(minutes, { faces: [face(), face(), face()], pose: null }, T0);
    see(minutes, { pose: pose(10, -3), gaze: { yaw: 2, pitch: -4, confidence: 0.9 } }, T0);
    see(minutes, { pose: pose(-20, 5) }, T0);
    expect(minutes.take(MODELS, T0)).toMatchObject([
      {
        analysed: 5,
        faces_none: 1,
        faces_one: 2,
        faces_more: 2,
        // The two faces look straight ahead.
        pose_frames: 3,
        yaw_sum: -10,
        yaw_squares: 500,
        pitch_sum: 2,
        pitch_squares: 34,
        gaze_frames: 1,
        gaze_yaw_sum: 2,
        gaze_yaw_squares: 4,
        gaze_pitch_sum: -4,
        gaze_pitch_squares: 16,
      },
    ]);
  });

  test('name no weights when no frame was analysed', () => {
    const minutes = counted();
    minutes.received(T0);
    expect(minutes.take(MODELS, T0)).toMatchObject([{ received: 1, models: [] }]);
    see(minutes, STRAIGHT, T0);
    expect(minutes.take(undefined, T0)).toMatchObject([{ analysed: 1, models: [] }]);
  });

  test('exist for a minute with a socket and without a frame', () => {
    const minutes = counted();
    minutes.watched(T0);
    minutes.watched(T0 + 60_000);
    expect(minutes.take(MODELS, T0 + 60_000).map((row) => [row.minute, row.received])).toEqual([
      [new Date(T0), 0],
      [new Date(T0 + 60_000), 0],
    ]);
  });
});

describe('writing analysis counts', () => {
  test('is due when a minute is over, and 15 s after the last time while something changes', () => {
    const minutes = counted();
    expect(minutes.isDue(T0 + 3_600_000)).toBe(false);
    minutes.received(T0);
    expect(minutes.isDue(T0 + 14_999)).toBe(false);
    expect(minutes.isDue(T0 + 15_000)).toBe(true);
    minutes.take(MODELS, T0 + 15_000);
    expect(minutes.isDue(T0 + 40_000)).toBe(false);
    minutes.received(T0 + 40_000);
    expect(minutes.isDue(T0 + 40_000)).toBe(true);
    minutes.take(MODELS, T0 + 50_000);
    minutes.received(T0 + 50_001);
    expect(minutes.isDue(T0 + 59_999)).toBe(false);
    expect(minutes.isDue(T0 + 60_000)).toBe(true);
  });

  test('uses absolute values: a minute in progress is written again, an unchanged one is not', () => {
    const minutes = counted();
    minutes.received(T0);
    expect(minutes.take(MODELS, T0)).toMatchObject([{ received: 1 }]);
    expect(minutes.take(MODELS, T0)).toEqual([]);
    minutes.received(T0 + 1);
    expect(minutes.take(MODELS, T0 + 1)).toMatchObject([{ minute: new Date(T0), received: 2 }]);
    minutes.received(T0 + 59_999);
    minutes.received(T0 + 60_000);
    expect(minutes.take(MODELS, T0 + 60_000)).toMatchObject([
      { minute: new Date(T0), received: 3 },
      { minute: new Date(T0 + 60_000), received: 1 },
    ]);
    minutes.isDue(T0 + 120_000);
    expect(minutes.take(MODELS, T0 + 120_000)).toEqual([]);
  });

  test('a row taken for writing does not change with later frames', () => {
    const minutes = counted();
    minutes.dropped('not_due', T0);
    const [row] = minutes.take(MODELS, T0);
    minutes.dropped('not_due', T0);
    expect(row).toMatchObject({ dropped: { not_due: 1 } });
  });

  test('never begins a minute twice, whatever the clock does', () => {
    const minutes = counted();
    minutes.received(T0 + 60_000);
    minutes.received(T0);
    minutes.isDue(T0 + 120_000);
    // Arrived in the minute that is over, and was looked at after it.
    see(minutes, STRAIGHT, T0 + 119_000);
    expect(minutes.take(MODELS, T0 + 120_000).map((row) => [row.minute, row.received, row.analysed])).toEqual([
      [new Date(T0 + 60_000), 2, 0],
      [new Date(T0 + 120_000), 0, 1],
    ]);
  });
});
