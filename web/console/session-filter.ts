import { ATTENTION_LEVELS, type AttentionLevel } from '../../protocol/attention.ts';
import type { EndReason } from '../../protocol/down.ts';
import {
  INCIDENTS,
  type IncidentType,
  type KnownSignal,
  type Level,
  LEVELS,
  SIGNALS,
} from '../../protocol/event-types.ts';
import { UUID } from '../../protocol/uuid.ts';
import { dayAround, instantsOf } from '../../protocol/zoned-time.ts';

/** Filter of the list of sessions, as its address has it; empty: any. */
export interface SessionFilter {
  readonly exam: string;
  readonly q: string;
  readonly room: string;
  readonly attention: '' | AttentionLevel;
  readonly level: '' | Level;
  readonly status: '' | 'active' | 'paused' | 'ended';
  readonly end: '' | EndReason;
  readonly incident: '' | IncidentType | KnownSignal;
  readonly reviewed: 'no' | 'needs' | 'none' | 'begun' | 'yes' | 'any';
  /** Person to whom the session is given: an id, or `me` or `none`. */
  readonly reviewer: string;
  /** Days, `2026-03-29`, both included. */
  readonly from: string;
  readonly to: string;
  readonly order: 'attention' | 'score' | 'newest';
}

export const CHOICES = {
  attention: ['', ...ATTENTION_LEVELS],
  level: ['', ...LEVELS],
  status: ['', 'active', 'paused', 'ended'],
  end: ['', 'finished', 'terminated', 'expired', 'ended'],
  incident: ['', ...INCIDENTS, ...SIGNALS.filter((type) => type !== 'RETURNED_TO_EXAM')],
  reviewed: ['no', 'needs', 'none', 'begun', 'yes', 'any'],
  order: ['attention', 'score', 'newest'],
} as const satisfies { [K in keyof SessionFilter]?: readonly SessionFilter[K][] };

/** Sessions that nobody has judged yet, highest attention first. */
export const NO_FILTER: SessionFilter = {
  exam: '',
  q: '',
  room: '',
  attention: '',
  level: '',
  status: '',
  end: '',
  incident: '',
  reviewed: 'no',
  reviewer: '',
  from: '',
  to: '',
  order: 'attention',
};

const NAMES = Object.keys(NO_FILTER) as (keyof SessionFilter)[];
const ID = new RegExp(`^${UUID}$`, 'i');
const REVIEWER = new RegExp(`^(me|none|${UUID})$`, 'i');
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Pure: unknown values are left out. */
export function parseFilter(params: URLSearchParams): SessionFilter {
  const text = (name: keyof SessionFilter) => params.get(name)?.trim() ?? '';
  const one = <K extends keyof typeof CHOICES>(name: K): SessionFilter[K] =>
    (CHOICES[name] as readonly string[]).includes(text(name)) && params.has(name)
      ? (text(name) as SessionFilter[K])
      : NO_FILTER[name];
  const matching = (name: keyof SessionFilter, pattern: RegExp) => (pattern.test(text(name)) ? text(name) : '');
  return {
    exam: matching('exam', ID),
    q: text('q'),
    room: text('room'),
    attention: one('attention'),
    level: one('level'),
    status: one('status'),
    end: one('end'),
    incident: one('incident'),
    reviewed: one('reviewed'),
    reviewer: matching('reviewer', REVIEWER),
    from: matching('from', DAY),
    to: matching('to', DAY),
    order: one('order'),
  };
}

/** Pure: what differs from the usual filter. */
export const filterQuery = (filter: SessionFilter): string =>
  new URLSearchParams(
    NAMES.filter((name) => filter[name] !== NO_FILTER[name]).map((name) => [name, filter[name]]),
  ).toString();

/** Pure: query of `GET /api/sessions`; days are those of a zone. @param me id of the person who asks */
export function sessionQuery(filter: SessionFilter, zone: string, me: string): URLSearchParams {
  const noon = (day: string) => instantsOf(`${day}T12:00`, zone)[0] ?? Date.parse(`${day}T12:00Z`);
  const query = new URLSearchParams({ order: filter.order, limit: '50' });
  const set = (name: string, value: string) => value && query.set(name, value);
  set('exam', filter.exam);
  set('q', filter.q);
  set('room', filter.room);
  set('attention', filter.attention);
  set('level', filter.level);
  set('status', filter.status);
  set('endReason', filter.end);
  set('incident', filter.incident);
  switch (filter.reviewed) {
    case 'needs':
      query.set('needsReview', 'true');
      break;
    case 'none':
    case 'begun':
      query.set('reviewState', filter.reviewed);
      break;
    case 'no':
    case 'yes':
      query.set('reviewed', String(filter.reviewed === 'yes'));
  }
  set('reviewer', filter.reviewer === 'me' ? me : filter.reviewer);
  if (filter.from) query.set('from', new Date(dayAround(noon(filter.from), zone).from).toISOString());
  if (filter.to) query.set('to', new Date(dayAround(noon(filter.to), zone).to).toISOString());
  return query;
}
