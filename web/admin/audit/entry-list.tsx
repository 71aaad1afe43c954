import type { AuditListing } from '../../../protocol/http/audit-search.ts';
import { SECURITY_ACTS, SECURITY_KINDS, type SecurityKind } from '../../../protocol/security-kinds.ts';
import { ListTable } from '../../shared/list-table.tsx';
import { auditKindTitle } from '../../shared/messages/audit-kinds.ts';
import { number } from '../../shared/messages/numbers.ts';
import { dateAndSeconds, dateAndTime } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';
import { type AuditFilter, NO_AUDIT_FILTER } from './audit-filter.ts';
import { changesIn, EntryDetails, shownChanges, textOf } from './entry-details.tsx';
import { nameOf, type Names, Named } from './named-objects.tsx';
import { shortId } from './short-id.ts';

/** An entry with the names that it needs. */
export interface NamedEntry {
  readonly entry: AuditListing;
  readonly names: Names;
}

interface EntryListProps {
  readonly entries: readonly NamedEntry[];
}

export function EntryList({ entries }: EntryListProps) {
  return (
    <ListTable
      label={t.audit.entries}
      class="audit-entries"
      columns={[t.audit.when, t.audit.who, t.audit.what, t.audit.subject]}
    >
      <tbody>
        {entries.map(({ entry, names }) => (
          <Row key={entry.id} entry={entry} names={names} />
        ))}
      </tbody>
    </ListTable>
  );
}

function Row({ entry, names }: NamedEntry) {
  const { at, actor, kind } = entry;
  const isRefusal = Object.hasOwn(SECURITY_KINDS, kind) && !SECURITY_ACTS.has(kind as SecurityKind);
  return (
    <tr class={isRefusal ? 'refused' : undefined}>
      <td>
        <time dateTime={at} title={dateAndSeconds(at)}>
          {dateAndTime(at)}
        </time>
      </td>
      <td>
        {actor === null ? (
          <span class="muted">{isRefusal ? t.audit.unknown : t.audit.server}</span>
        ) : (
          <>
            <Named id={actor} names={names} /> <Only filter={{ person: actor }} id={actor} names={names} />
          </>
        )}
      </td>
      <td>
        <details>
          <summary>{summaryOf(entry, names)}</summary>
          <EntryDetails entry={entry} names={names} />
        </details>
      </td>
      <td>
        <About entry={entry} names={names} />
      </td>
    </tr>
  );
}

/** Pure: the act in one line. */
function summaryOf(entry: AuditListing, names: Names): string {
  const { kind, details, cut } = entry;
  const field = (key: string) => details?.[key];
  const person = field('studentId') ?? field('userId');
  const room = field('room');
  const what =
    field('verdict') ?? field('decision') ?? field('do') ?? (kind === 'SESSION_ENDED' ? field('reason') : undefined);
  const [from, to, count] = [field('from'), field('to'), field('count')];
  const many =
    cut['studentIds'] ?? (Array.isArray(field('studentIds')) ? (field('studentIds') as unknown[]).length : undefined);
  return [
    titleOf(entry),
    typeof person === 'string' && names.has(person) && `: ${nameOf(names.get(person)!)}`,
    typeof room === 'string' && `, ${t.audit.fields['room']} ${room}`,
    what !== undefined && `: ${textOf(what)}`,
    typeof from === 'string' &&
      typeof to === 'string' &&
      kind !== 'USER_MOVED' &&
      `: ${t.audit.change(textOf(from), textOf(to))}`,
    many !== undefined && `: ${number(many)}`,
    ...shownChanges(changesIn(details), names).map((change, at) => `${at === 0 ? ' – ' : ', '}${change}`),
    typeof count === 'number' && count > 1 && t.audit.count(number(count)),
  ]
    .filter((part) => typeof part === 'string')
    .join('');
}

function titleOf({ kind, details }: AuditListing): string {
  if (kind === 'ENROLMENT_CHANGED' && details?.['isNew'] === true) return t.audit.enrolled;
  if (kind === 'ENROLMENT_CHANGED' && (details?.['changes'] ?? details?.['fields'])) return t.audit.enrolmentEdited;
  return auditKindTitle(kind);
}

/** The exam, session or account of the entry; of a security entry its target. */
function About({ entry: { entityType, entityId, eventType, details }, names }: NamedEntry) {
  const target = details?.['target'];
  const id = eventType === 'SECURITY' ? (typeof target === 'string' ? target : undefined) : entityId;
  if (id === undefined || (eventType === 'SECURITY' && !names.has(id)))
    return <span class="muted">{t.audit.noSubject}</span>;
  if (entityType === 'system' && !names.has(id)) return <span class="muted">{t.audit.system}</span>;
  const object = names.get(id);
  const filter: Partial<AuditFilter> | undefined = {
    user: { person: id },
    exam: { exam: id },
    session: { session: id },
    event: { session: object?.sessionId ?? '' },
    key: { person: id },
    system: undefined,
    profile: undefined,
    organisation: undefined,
    name_change: undefined,
  }[object?.type ?? entityType];
  return (
    <>
      <Named id={id} names={names} /> {filter && <Only filter={filter} id={id} names={names} />}
    </>
  );
}

interface OnlyProps {
  readonly filter: Partial<AuditFilter>;
  readonly id: string;
  readonly names: Names;
}

/** Filters the list by what an entry names. */
function Only({ filter, id, names }: OnlyProps) {
  const object = names.get(id);
  return (
    <a
      class="small only"
      href={hrefOf({ page: 'audit', filter: { ...NO_AUDIT_FILTER, ...filter } })}
      aria-label={t.audit.onlyName(object ? nameOf(object) : shortId(id))}
    >
      {t.audit.only}
    </a>
  );
}
