import { expect, test } from 'vitest';
import { AccommodationTerms } from '../../../protocol/accommodations.ts';
import { Policy } from '../../../protocol/policy.ts';
import { policySettings } from '../../../protocol/policy-settings.ts';
import { searchWords } from '../../../protocol/search-text.ts';
import { contentOf, draftOf, idOf, policySettingsOf, type Setting, settingsLike, valueOf } from './setting.ts';

const settingsOf = (policy: Policy) =>
  policySettingsOf(policySettings(), policy, ['COPY'], (type) => ({ title: type, description: '' }));
const FREE: Omit<Setting, 'keys' | 'type'> = {
  title: '',
  description: '',
  default: null,
  minimum: null,
  maximum: null,
  values: [],
  optional: false,
};

test('a form that nobody changed gives the same policy, with weights of event types of its own', () => {
  const policy = Policy.parse({
    holds: { noFace: 7.5 },
    weights: { NO_FACE: 4, 'A.DOT': 2 },
    evidence: { retentionDays: 9 },
  });
  const settings = settingsOf(policy);
  expect(settings.map(idOf)).toEqual(expect.arrayContaining(['weights.COPY', 'weights.A.DOT']));
  expect(Policy.parse(contentOf(settings, draftOf(settings, policy), policy))).toEqual(policy);
});

test('a setting is found by its subject, too', () => {
  const settings = [
    { ...FREE, keys: ['checkIn', 'photo'], type: 'boolean' as const, title: 'Photo of the student' },
    { ...FREE, keys: ['checkIn', 'room'], type: 'boolean' as const, title: 'Look at the room' },
  ];
  const groups = [{ title: 'Check-in', hint: '', settings }];
  expect(settingsLike(groups, searchWords('check-in'))).toEqual(settings);
  expect(settingsLike(groups, searchWords('check-in room')).map(idOf)).toEqual(['checkIn.room']);
  expect(settingsLike(groups, searchWords('verdict'))).toEqual([]);
});

test('a draft of defaults is the default policy', () => {
  const settings = settingsOf(Policy.parse({}));
  expect(Policy.parse(contentOf(settings, draftOf(settings, {}), {}))).toEqual(Policy.parse({}));
});

test('an emptied number falls back to its default, a changed one is a number, a switch a boolean', () => {
  const policy = Policy.parse({ holds: { noFace: 7 }, evidence: { retentionDays: 9 } });
  const settings = settingsOf(policy);
  const draft = {
    ...draftOf(settings, policy),
    'holds.noFace': '',
    'evidence.retentionDays': ' ',
    'frames.quality': '0.5',
    'gaze.enabled': false,
    studentView: 'none',
  };
  const changed = Policy.parse(contentOf(settings, draft, policy));
  expect(changed).toEqual(Policy.parse({ frames: { quality: 0.5 }, gaze: { enabled: false }, studentView: 'none' }));
});

test('optional values are left out of terms unless they differ, and then taken away again', () => {
  const gaze: Setting = { ...FREE, keys: ['detection', 'gaze'], type: 'boolean', default: true, optional: true };
  const hold: Setting = { ...FREE, keys: ['detection', 'holds', 'noFace'], type: 'number' };
  const note: Setting = { ...FREE, keys: ['note'], type: 'text' };
  const settings = [gaze, hold, note];
  const none = AccommodationTerms.parse({});
  expect(contentOf(settings, draftOf(settings, none), none)).toEqual(none);
  const given = contentOf(
    settings,
    { 'detection.gaze': false, 'detection.holds.noFace': '12', note: ' Ask quietly. ' },
    none,
  );
  expect(given).toEqual({ ...none, detection: { gaze: false, holds: { noFace: 12 } }, note: 'Ask quietly.' });
  expect(valueOf(hold, given)).toBe(12);
  const back = contentOf(settings, { 'detection.gaze': true, 'detection.holds.noFace': '', note: '' }, given);
  expect(back).toEqual({ ...none, detection: { holds: {} } });
});
