import { expect, test } from 'vitest';
import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import { accommodationFacts } from './accommodation-facts.ts';

const PROFILE: NonNullable<SessionAccommodations['profile']> = {
  id: '00000000-0000-7000-8000-000000000001',
  name: 'Reader',
  version: 2,
  detection: {},
  breakMinutes: 15,
  headCovering: true,
  note: 'Reads aloud.',
};

test('a report states accommodations as the rules apply them: longer holds, lower weights, no head turns', () => {
  const given: SessionAccommodations = {
    extraMinutes: 1,
    detection: { holds: { lookingAway: 5, noFace: 9 }, weights: { TAB_SWITCH: 2 } },
    profile: {
      ...PROFILE,
      detection: {
        gaze: false,
        challenges: false,
        holds: { lookingAway: 8, noFace: 4 },
        weights: { TAB_SWITCH: 3, COPY: 0 },
      },
    },
  };
  expect(accommodationFacts(given)).toEqual([
    'Profile: Reader, version 2.',
    'Extra time: 1 minute.',
    'Breaks: 15 minutes in total.',
    'Head covering: not an incident.',
    'Gaze is not analysed.',
    'No head turns are asked for.',
    'Time before an incident, No face detected: 9 s.',
    'Time before an incident, Looking away: 8 s.',
    'Weight of Left the exam tab or minimised the window: 2.',
    'Weight of Copied: 0.',
    'Note: Reads aloud.',
  ]);
});

test('an enrolment without a profile states its own', () => {
  expect(accommodationFacts({ extraMinutes: 0, detection: { challenges: false } })).toEqual([
    'No head turns are asked for.',
  ]);
});
