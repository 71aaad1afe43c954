import { describe, expect, test } from 'vitest';
import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import { accommodationLines, shortAccommodations } from './accommodation-lines.ts';

const PROFILE: NonNullable<SessionAccommodations['profile']> = {
  id: '00000000-0000-7000-8000-000000000001',
  name: 'Reader',
  version: 2,
  detection: {},
  breakMinutes: 0,
  headCovering: false,
  note: null,
};

describe('accommodations for staff', () => {
  test('state extra time, breaks, head covering, gaze, holds, weights and note', () => {
    const given: SessionAccommodations = {
      extraMinutes: 25,
      detection: { holds: { lookingAway: 5 }, weights: { TAB_SWITCH: 2 } },
      profile: {
        ...PROFILE,
        detection: { gaze: false, holds: { lookingAway: 8, noFace: 4 }, weights: { TAB_SWITCH: 0 } },
        breakMinutes: 15,
        headCovering: true,
        note: 'Reads aloud.',
      },
    };
    expect(accommodationLines(given)).toEqual([
      'Extra time: 25 min, included in the time left.',
      'Breaks: 15 min in total. The server does not count them.',
      'Head covering: not an incident.',
      'Gaze is not analysed.',
      expect.stringMatching(/^Reported after a longer time: .* 4 sec, .* 8 sec\.$/),
      expect.stringMatching(/^Other weights: .* 0\.$/),
      'Note: Reads aloud.',
    ]);
    expect(shortAccommodations(given)).toEqual([
      'head covering',
      'breaks 15 min',
      'no gaze',
      '+25 min',
      'other limits',
      'note',
    ]);
  });

  test('of an enrolment without a profile are its own', () => {
    const given = { extraMinutes: 10, detection: { gaze: false } };
    expect(accommodationLines(given)).toEqual([
      'Extra time: 10 min, included in the time left.',
      'Gaze is not analysed.',
    ]);
  });

  test('say that head turns are switched off', () => {
    const given = { extraMinutes: 0, detection: {}, profile: { ...PROFILE, detection: { challenges: false } } };
    expect(accommodationLines(given)).toEqual(['No head turns are asked for.']);
    expect(shortAccommodations(given)).toEqual(['no head turns']);
  });

  test('are empty for a profile that changes nothing', () => {
    expect(shortAccommodations({ extraMinutes: 0, detection: { gaze: true }, profile: PROFILE })).toEqual([]);
  });
});
