import { expect, test } from 'vitest';
import { NO_AUDIT_FILTER } from './audit/audit-filter.ts';
import { hrefOf, parseRoute, type Route } from './route.ts';

const EXAM = '01890000-0000-7000-8000-000000000001';

test('each page has a link that leads back to it, with its filters', () => {
  const routes: Route[] = [
    { page: 'overview' },
    { page: 'exams', when: 'today', q: '' },
    { page: 'exams', when: 'past', q: 'Größe & Maß = 100 %?' },
    { page: 'newExam', from: undefined },
    { page: 'newExam', from: EXAM },
    { page: 'exam', exam: EXAM, tab: 'overview' },
    { page: 'exam', exam: EXAM, tab: 'edit' },
    { page: 'people', q: '', role: '', organisation: '', state: '' },
    { page: 'people', q: 'José & Co', role: 'proctor', organisation: EXAM, state: 'disabled' },
    { page: 'newPerson' },
    { page: 'person', person: EXAM },
    { page: 'audit', filter: NO_AUDIT_FILTER },
    { page: 'verification' },
    { page: 'system' },
    {
      page: 'audit',
      filter: { person: EXAM, exam: EXAM, session: EXAM, kind: 'pictures', from: '2026-03-29', to: '2026-03-30' },
    },
    { page: 'import', kind: 'people', exam: undefined },
    { page: 'import', kind: 'enrolments', exam: EXAM },
    { page: 'profiles', kind: 'policy', archived: false },
    { page: 'profiles', kind: 'accommodation', archived: true },
    { page: 'newProfile', kind: 'policy', from: EXAM },
    { page: 'profile', kind: 'accommodation', profile: EXAM, tab: 'settings' },
    { page: 'profile', kind: 'policy', profile: EXAM, tab: 'versions' },
    { page: 'organisations' },
  ];
  for (const route of routes) expect(parseRoute(hrefOf(route)), hrefOf(route)).toEqual(route);
});

test('no page is the overview, an unknown page is told as such, an unknown filter is the usual one', () => {
  for (const hash of ['', '#', '#/']) expect(parseRoute(hash), hash).toEqual({ page: 'overview' });
  for (const hash of ['#/nowhere', '#/exam/17', '#/exam', '#/profile/policy'])
    expect(parseRoute(hash), hash).toEqual({ page: 'unknown' });
  expect(parseRoute('#/exams?when=never')).toEqual({ page: 'exams', when: 'today', q: '' });
  expect(parseRoute('#/import/nothing?exam=17')).toEqual({ page: 'import', kind: 'people', exam: undefined });
  expect(parseRoute(`#/exam/${EXAM}/nothing`)).toEqual({ page: 'exam', exam: EXAM, tab: 'overview' });
  expect(parseRoute('#/audit?person=me&kind=anything&from=today')).toEqual({ page: 'audit', filter: NO_AUDIT_FILTER });
});
