import type { ComponentChildren } from 'preact';
import type { AuditListing } from '../../../protocol/http/audit-search.ts';
import { UUID } from '../../../protocol/uuid.ts';
import { number } from '../../shared/messages/numbers.ts';
import { dateAndTime } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { nameOf, type Names, Named } from './named-objects.tsx';

const ID = new RegExp(`^${UUID}$`);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

interface EntryDetailsProps {
  readonly entry: AuditListing;
  readonly names: Names;
}

/** The details of an entry, field by field, and its place in the log. */
export function EntryDetails({ entry, names }: EntryDetailsProps) {
  const { details, omitted, cut, bytes, position, id, hash, eventType } = entry;
  const changes = changesIn(details);
  const changed = shownChanges(changes, names);
  // The kind of a security entry is its title.
  const fields = Object.entries(details ?? {}).filter(
    ([name]) => !(eventType === 'SECURITY' && name === 'kind') && name !== 'changes' && !Object.hasOwn(changes, name),
  );
  return (
    <dl class="facts small">
      {fields.map(([name, value]) => (
        <Fact key={name} name={t.audit.fields[name] ?? name}>
          <Value value={value} all={cut[name]} names={names} />
        </Fact>
      ))}
      {changed.length > 0 && (
        <Fact name={t.audit.changes}>
          <ul class="plain">
            {changed.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </Fact>
      )}
      {omitted && (
        <Fact name={t.audit.details}>
          {omitted === 'long' ? t.audit.tooLong(number(Math.ceil(bytes / 1024))) : t.audit.unreadable}
        </Fact>
      )}
      <Fact name={t.audit.place}>{number(position)}</Fact>
      <Fact name={t.audit.id}>
        <span class="code">{id}</span>
      </Fact>
      <Fact name={t.audit.hash}>
        <span class="code">{hash}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface ValueProps {
  readonly value: unknown;
  /** Length of a list that was cut. */
  readonly all?: number | undefined;
  readonly names: Names;
}

function Value({ value, all, names }: ValueProps): ComponentChildren {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    const numbers = items.flatMap((item) => (hasSeq(item) ? [number(item.seq)] : []));
    const shown =
      numbers.length > 0 ? (
        <span>{t.audit.storedEvents(numbers.join(', '))}</span>
      ) : (
        <ul class="plain">
          {items.map((item, n) => (
            <li key={n}>
              <Value value={item} names={names} />
            </li>
          ))}
        </ul>
      );
    return all === undefined ? (
      shown
    ) : (
      <>
        {shown}
        <span class="muted">{t.audit.more(number(items.length), number(all))}</span>
      </>
    );
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, part]) => `${t.audit.fields[key] ?? key}: ${textOf(part)}`)
      .join(', ');
  if (typeof value === 'string' && ID.test(value)) return <Named id={value} names={names} />;
  return textOf(value);
}

type Changes = Readonly<Record<string, readonly [unknown, unknown]>>;

/** Pure: values before and after, by field; none in entries from before there were any. */
export function changesIn(details: AuditListing['details']): Changes {
  const changes = Object.entries(Object(details?.['changes'] ?? {}) as Record<string, unknown>);
  return Object.fromEntries(changes.filter((change): change is [string, [unknown, unknown]] => isPair(change[1])));
}

const isPair = (value: unknown) => Array.isArray(value) && value.length === 2;

/** Pure: each change in words, as `Room: H1 → H2`. */
export function shownChanges(changes: Changes, names: Names): string[] {
  const shown = (value: unknown) => {
    const object = typeof value === 'string' ? names.get(value) : undefined;
    return object ? nameOf(object) : textOf(value);
  };
  return Object.entries(changes).map(
    ([name, [from, to]]) => `${t.audit.fields[name] ?? name}: ${t.audit.change(shown(from), shown(to))}`,
  );
}

const hasSeq = (item: unknown): item is { seq: number } =>
  typeof item === 'object' && item !== null && 'seq' in item && typeof item.seq === 'number';

/** Pure: a value in words. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return t.audit.values[value] ?? (TIME.test(value) ? dateAndTime(value) : value);
  return typeof value === 'boolean' ? (t.audit.values[String(value)] ?? String(value)) : JSON.stringify(value);
}
