import { kindsOf } from '../../../protocol/audit-kinds.ts';
import { UUID } from '../../../protocol/uuid.ts';
import { dayAround, instantsOf } from '../../../protocol/zoned-time.ts';

/** Filter of the audit log, as its address has it; empty: any. */
export interface AuditFilter {
  /** Ids. */
  readonly person: string;
  readonly exam: string;
  readonly session: string;
  /** Group of kinds, or one kind. */
  readonly kind: string;
  /** Days, `2026-03-29`, both included. */
  readonly from: string;
  readonly to: string;
}

export const NO_AUDIT_FILTER: AuditFilter = { person: '', exam: '', session: '', kind: '', from: '', to: '' };

const NAMES = Object.keys(NO_AUDIT_FILTER) as (keyof AuditFilter)[];
const ID = new RegExp(`^${UUID}$`, 'i');
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Pure: unknown values are left out. */
export function parseAuditFilter(params: URLSearchParams): AuditFilter {
  const matching = (name: keyof AuditFilter, pattern: RegExp) => {
    const text = params.get(name) ?? '';
    return pattern.test(text) ? text : '';
  };
  const kind = params.get('kind') ?? '';
  return {
    person: matching('person', ID),
    exam: matching('exam', ID),
    session: matching('session', ID),
    kind: kindsOf(kind) ? kind : '',
    from: matching('from', DAY),
    to: matching('to', DAY),
  };
}

/** Pure: query of `GET /api/audit/entries`; days are those of a zone. */
export function auditQuery(filter: AuditFilter, zone: string): URLSearchParams {
  const noon = (day: string) => instantsOf(`${day}T12:00`, zone)[0] ?? Date.parse(`${day}T12:00Z`);
  const query = new URLSearchParams({ limit: '50' });
  for (const name of NAMES.filter((each) => each !== 'from' && each !== 'to'))
    if (filter[name]) query.set(name, filter[name]);
  if (filter.from) query.set('from', new Date(dayAround(noon(filter.from), zone).from).toISOString());
  if (filter.to) query.set('to', new Date(dayAround(noon(filter.to), zone).to).toISOString());
  return query;
}
