import type { Role } from '../../../protocol/http/accounts.ts';
import type { AuditSearchPage } from '../../../protocol/http/audit-search.ts';
import type { Api } from '../../shared/api.ts';
import { DroppedNote } from '../../shared/dropped-note.tsx';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { MoreButton } from '../../shared/more-button.tsx';
import { PageTitle } from '../../shared/page-title.tsx';
import { type Page, usePages } from '../../shared/use-pages.ts';
import { browserZone } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';
import type { Route } from '../route.ts';
import { type AuditFilter, auditQuery } from './audit-filter.ts';
import { AuditFilters } from './audit-filters.tsx';
import { EntryList, type NamedEntry } from './entry-list.tsx';
import { Views } from './views.tsx';

interface AuditPageProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'audit' }>;
  readonly role: Role;
}

/** Entries of the audit log by filter. */
export function AuditPage({ api, route: { filter }, role }: AuditPageProps) {
  const isAdmin = role === 'admin';
  const isWide = !filter.person && !filter.exam && !filter.session;
  return (
    <>
      <PageTitle>{t.audit.title}</PageTitle>
      <p class="muted">{t.audit.about}</p>
      {isAdmin && <Views filter={filter} />}
      <AuditFilters api={api} filter={filter} isAdmin={isAdmin} />
      <DroppedNote understood={{ ...filter }} />
      {!isAdmin && <p class="small muted">{t.audit.withoutSecurity}</p>}
      {isWide && !isAdmin ? <p class="card muted">{t.audit.chooseFirst}</p> : <Found api={api} filter={filter} />}
    </>
  );
}

function Found({ api, filter }: { readonly api: Api; readonly filter: AuditFilter }) {
  const query = auditQuery(filter, browserZone()).toString();
  const pages = usePages<NamedEntry>(
    async (cursor) => named(await api.get(`/api/audit/entries?${query}${cursor ? `&cursor=${cursor}` : ''}`)),
    [api, query],
  );
  return (
    <>
      <Problem>{pages.problem}</Problem>
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      {pages.items?.length === 0 && <p class="card muted">{t.audit.none}</p>}
      {pages.items && pages.items.length > 0 && <EntryList entries={pages.items} />}
      <MoreButton pages={pages} label={t.showMore} />
    </>
  );
}

function named({ items, nextCursor, names }: AuditSearchPage): Page<NamedEntry> {
  const byId = new Map(names.map((object) => [object.id, object]));
  return { items: items.map((entry) => ({ entry, names: byId })), nextCursor };
}
