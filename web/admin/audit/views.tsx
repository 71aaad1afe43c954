import type { AuditKindGroup } from '../../../protocol/audit-kinds.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';
import { type AuditFilter, NO_AUDIT_FILTER } from './audit-filter.ts';

/** Groups of kinds that are one click away; empty: all. */
const VIEWS = ['', 'watching', 'pictures', 'exports', 'decisions'] as const satisfies readonly ('' | AuditKindGroup)[];

/**
 * Views of the log that are one click away: who watched, who opened which picture, what was exported.
 * @param filter undefined: the verification is shown
 */
export function Views({ filter }: { readonly filter: AuditFilter | undefined }) {
  return (
    <nav class="tabs" aria-label={t.audit.views}>
      {VIEWS.map((kind) => (
        <a
          key={kind}
          href={hrefOf({ page: 'audit', filter: { ...NO_AUDIT_FILTER, ...filter, kind } })}
          aria-current={filter?.kind === kind ? 'page' : undefined}
        >
          {kind === '' ? t.audit.allEntries : t.audit.groups[kind]}
        </a>
      ))}
      <a href={hrefOf({ page: 'verification' })} aria-current={filter ? undefined : 'page'}>
        {t.audit.verification.title}
      </a>
    </nav>
  );
}
