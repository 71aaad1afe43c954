import { expect, test } from 'vitest';
import type { CheckInRecord } from '../../protocol/http/check-in.ts';
import { checkInLines } from './check-in-lines.ts';

const at = '2026-12-01T08:50:00.000Z';
const record: CheckInRecord = {
  id: '01a22e3c-0000-7000-8000-000000000001',
  openedAt: at,
  usedAt: at,
  wants: { photo: true, document: true, room: false, keepDays: 7 },
  decisions: [
    {
      id: '01a22e3c-0000-7000-8000-000000000002',
      decision: 'admit',
      reason: 'Known to me',
      retake: [],
      shown: ['photo'],
      missing: ['document'],
      by: { id: '01a22e3c-0000-7000-8000-000000000003', name: 'Paula' },
      at,
    },
  ],
  pictures: [],
  erasedAt: at,
};

test('the report says who admitted the student, when, what was shown and missing, why, and that it was erased', () => {
  expect(checkInLines(record, (time) => time.toISOString().slice(11, 16))).toEqual([
    'Opened 08:50; the exam was started with it 08:50.',
    'Admitted by Paula, 08:50. Shown: photo. Missing: identity document. Reason: Known to me',
    'Photo and document were erased 08:50.',
  ]);
});
