import { expect, test } from 'vitest';
import type { AnalysisMinute } from '../../protocol/http/analysis.ts';
import { tallyFrames, tallyText } from './frame-tally.ts';

const minute = (received: number, analysed: number, dropped: Record<string, number>): AnalysisMinute => ({
  minute: '2026-01-01T10:00:00.000Z',
  frames: { received, analysed, dropped },
  faces: { none: 0, one: analysed, more: 0 },
  pose: null,
  gaze: { known: 0, yaw: null, pitch: null },
  incidents: {},
  models: ['face@3'],
});

test('counts of several minutes add up, dropped frames by reason', () => {
  const tally = tallyFrames([minute(120, 60, { replaced: 2 }), minute(60, 30, { replaced: 1, vision_off: 4 })]);
  expect(tally).toEqual({
    minutes: 2,
    received: 180,
    analysed: 90,
    dropped: { replaced: 3, vision_off: 4 },
    models: ['face@3'],
  });
  expect(tallyText(tally)).toBe(
    '180 images received in 2 minutes, 90 analysed; not analysed: 3 replaced by a newer one, 4 while analysis was off.',
  );
});

test('a tally without frames or drops has no counts of them', () => {
  expect(tallyText(tallyFrames([]))).toBe('No images received.');
  expect(tallyText(tallyFrames([minute(1, 1, { replaced: 0 })]))).toBe('1 image received in 1 minute, 1 analysed.');
});
