import type { SeededLists } from './seed.ts';

/** A query of a page. */
export interface ListedPage {
  readonly name: string;
  readonly path: (site: Pick<SeededLists, 'exam' | 'student' | 'proctor'>) => string;
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** First pages and searches, as the pages of the administration and the console ask for them. */
export const PAGES: readonly ListedPage[] = [
  { name: 'people', path: () => '/api/users?limit=50' },
  { name: 'people, by role', path: () => '/api/users?limit=50&role=student' },
  { name: 'people, search, few hits', path: () => '/api/users?limit=50&q=s777%40example' },
  { name: 'people, search, many hits', path: () => '/api/users?limit=50&q=garcia' },
  { name: 'people, search, no hit', path: () => '/api/users?limit=50&q=nobody-of-this-name' },
  { name: 'exams', path: () => '/api/exams?limit=50' },
  { name: 'exams, by status', path: () => '/api/exams?limit=50&status=draft' },
  { name: 'students of an exam', path: ({ exam }) => `/api/exams/${exam}/students?limit=50` },
  { name: 'sessions', path: () => '/api/sessions?limit=50' },
  { name: 'sessions of an exam', path: ({ exam }) => `/api/sessions?limit=50&exam=${exam}` },
  { name: 'sessions of an exam, one room', path: ({ exam }) => `/api/sessions?limit=50&exam=${exam}&room=A` },
  { name: 'sessions of a student', path: ({ student }) => `/api/sessions?limit=50&student=${student}` },
  { name: 'sessions, by level', path: () => '/api/sessions?limit=50&level=High' },
  { name: 'sessions, by status, no hit', path: () => '/api/sessions?limit=50&status=paused' },
  { name: 'sessions, search', path: () => '/api/sessions?limit=50&q=garcia' },
  { name: 'sessions, search, no hit', path: () => '/api/sessions?limit=50&q=nobody-of-this-name' },
  {
    name: 'sessions by attention, search, no hit',
    path: () => '/api/sessions?limit=50&order=attention&q=nobody-of-this-name',
  },
  { name: 'sessions, not reviewed', path: () => '/api/sessions?limit=50&reviewed=false' },
  { name: 'sessions, reviewed, no hit', path: () => '/api/sessions?limit=50&reviewed=true' },
  { name: 'sessions, terminated, no hit', path: () => '/api/sessions?limit=50&endReason=terminated' },
  {
    name: 'sessions of one day',
    path: () => `/api/sessions?limit=50&from=${daysAgo(2)}&to=${daysAgo(1)}`,
  },
  { name: 'sessions, in a room, no hit', path: () => '/api/sessions?limit=50&room=Z' },
  { name: 'sessions, review begun, no hit', path: () => '/api/sessions?limit=50&reviewState=begun' },
  { name: 'sessions to review', path: () => '/api/sessions?limit=50&needsReview=true' },
  {
    name: 'sessions to review of a reviewer, no hit',
    path: ({ proctor }) => `/api/sessions?limit=50&needsReview=true&reviewer=${proctor}`,
  },
  {
    name: 'sessions to review, terminated, no hit',
    path: () => '/api/sessions?limit=50&needsReview=true&endReason=terminated',
  },
  { name: 'sessions to review, given to nobody', path: () => '/api/sessions?limit=50&needsReview=true&reviewer=none' },
  { name: 'sessions to review, by attention', path: () => '/api/sessions?limit=50&order=attention&needsReview=true' },
  { name: 'sessions by attention, in a room, no hit', path: () => '/api/sessions?limit=50&order=attention&room=Z' },
  {
    name: 'sessions, not reviewed, terminated, no hit',
    path: () => '/api/sessions?limit=50&reviewed=false&endReason=terminated',
  },
  { name: 'sessions, by signal', path: () => '/api/sessions?limit=50&incident=TAB_SWITCH' },
  { name: 'sessions, by signal, few hits', path: () => '/api/sessions?limit=10&incident=COPY' },
  { name: 'sessions, by signal, no hit', path: () => '/api/sessions?limit=50&incident=CUT' },
  { name: 'sessions, by incident', path: () => '/api/sessions?limit=50&incident=NO_FACE' },
  { name: 'sessions, by incident, few hits', path: () => '/api/sessions?limit=10&incident=FROZEN_VIDEO' },
  { name: 'sessions, by incident, no hit', path: () => '/api/sessions?limit=50&incident=CAMERA_COVERED' },
  {
    name: 'sessions of an exam, by signal',
    path: ({ exam }) => `/api/sessions?limit=50&exam=${exam}&incident=COPY`,
  },
  { name: 'sessions by attention', path: () => '/api/sessions?limit=50&order=attention' },
  { name: 'sessions by attention, high', path: () => '/api/sessions?limit=50&order=attention&attention=high' },
  { name: 'sessions, attention from 89', path: () => '/api/sessions?limit=50&minAttention=89' },
  { name: 'sessions, attention from 100, no hit', path: () => '/api/sessions?limit=50&minAttention=100' },
  { name: 'sessions, watch', path: () => '/api/sessions?limit=50&attention=watch' },
  {
    name: 'sessions by attention, one exam',
    path: ({ exam }) => `/api/sessions?limit=50&order=attention&exam=${exam}`,
  },
  {
    name: 'sessions by attention, by signal',
    path: () => '/api/sessions?limit=50&order=attention&incident=TAB_SWITCH',
  },
  {
    name: 'sessions by attention, by signal, few hits',
    path: () => '/api/sessions?limit=10&order=attention&incident=COPY',
  },
  {
    name: 'sessions by attention, by signal, no hit',
    path: () => '/api/sessions?limit=50&order=attention&incident=CUT',
  },
  { name: 'sessions by reviewed score', path: () => '/api/sessions?limit=50&order=score' },
  { name: 'audit log', path: () => '/api/audit/entries' },
  { name: 'audit log, picture views', path: () => '/api/audit/entries?kind=pictures' },
  { name: 'audit log, refusals, no hit', path: () => '/api/audit/entries?kind=refusals' },
  {
    name: 'audit log, one day',
    path: () => `/api/audit/entries?to=${daysAgo(5)}`,
  },
  { name: 'audit log of an exam', path: ({ exam }) => `/api/audit/entries?exam=${exam}` },
  { name: 'audit log of an exam, watching', path: ({ exam }) => `/api/audit/entries?exam=${exam}&kind=watching` },
  { name: 'audit log of a student', path: ({ student }) => `/api/audit/entries?person=${student}` },
  { name: 'audit log of a proctor', path: ({ proctor }) => `/api/audit/entries?person=${proctor}` },
  {
    name: 'audit log of a proctor, exports, no hit',
    path: ({ proctor }) => `/api/audit/entries?person=${proctor}&kind=exports`,
  },
  { name: 'suspicious sessions', path: () => '/api/proctoring/suspicious?limit=50' },
  { name: 'suspicious sessions, High', path: () => '/api/proctoring/suspicious?limit=50&level=High' },
  { name: 'suspicious sessions, one exam', path: ({ exam }) => `/api/proctoring/suspicious?limit=50&exam=${exam}` },
];
