import { expect, test } from 'vitest';
import type { AnalysisMinute } from '../../protocol/http/analysis.ts';
import { tallyFrames, tallyWords } from './frame-tally.ts';

const minute = (received: number, analysed: number, dropped: Record<string, number>): AnalysisMinute => ({
  minute: '2026-01-01T10:00:00.000Z',
  frames: { received, analysed, dropped },
  faces: { none: 0, one: analysed, more: 0 },
  pose: null,
  gaze: { known: 0, yaw: null, pitch: null },
  incidents: {},
  models: ['face@3'],
});

test('minutes add up, reasons apart', () => {
  const tally = tallyFrames([minute(120, 60, { replaced: 2 }), minute(60, 30, { replaced: 1, vision_off: 4 })]);
  expect(tally).toEqual({
    minutes: 2,
    received: 180,
    analysed: 90,
    dropped: { replaced: 3, vision_off: 4 },
    models: ['face@3'],
  });
  expect(tallyWords(tally)).toBe(
    '180 frames received in 2 min, 90 looked at; not looked at: 3 replaced, 4 vision off.',
  );
});

test('nothing is said of nothing', () => {
  expect(tallyWords(tallyFrames([]))).toBe('No frame was received.');
  expect(tallyWords(tallyFrames([minute(1, 1, { replaced: 0 })]))).toBe('1 frame received in 1 min, 1 looked at.');
});
