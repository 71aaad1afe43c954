import type { AuditNamed } from '../../../protocol/http/audit-search.ts';
import { at } from '../../shared/base-path.ts';
import { eventTitle } from '../../shared/event-name.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';
import { shortId } from './short-id.ts';

/** Names by id, as far as the objects exist. */
export type Names = ReadonlyMap<string, AuditNamed>;

export const sessionHref = (id: string): string => at(`/console#/session/${id}/review`);

/** An object that an entry names, as a link to its page where it has one. */
export function Named({ id, names }: { readonly id: string; readonly names: Names }) {
  const object = names.get(id);
  const href = object && hrefOfObject(object);
  if (!object)
    return (
      <span class="code" title={id}>
        {shortId(id)}
      </span>
    );
  return href ? <a href={href}>{nameOf(object)}</a> : <span>{nameOf(object)}</span>;
}

export function nameOf({ type, name, examTitle, detail }: AuditNamed): string {
  if (type === 'session') return t.audit.inExam(name, examTitle ?? '');
  if (type === 'event') return t.audit.eventOf(eventTitle({ type: name }), examTitle ?? '');
  if (type === 'name_change') return t.audit.change(detail || '–', name || '–');
  return type === 'key' ? t.audit.keyName(name) : name;
}

function hrefOfObject({ id, type, sessionId, detail }: AuditNamed): string | undefined {
  switch (type) {
    case 'user':
      return hrefOf({ page: 'person', person: id });
    case 'exam':
      return hrefOf({ page: 'exam', exam: id, tab: 'overview' });
    case 'session':
      return sessionHref(id);
    case 'event':
      return sessionId === null ? undefined : sessionHref(sessionId);
    case 'profile':
      return hrefOf({
        page: 'profile',
        kind: detail === 'accommodation' ? 'accommodation' : 'policy',
        profile: id,
        tab: 'settings',
      });
    case 'organisation':
    case 'key':
    case 'name_change':
      return undefined;
  }
}
