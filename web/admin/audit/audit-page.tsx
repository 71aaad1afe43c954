import type { Api } from '../../shared/api.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { t } from '../messages.ts';
import type { Route } from '../route.ts';
import { CheckpointCard } from './checkpoint-card.tsx';

interface AuditPageProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'audit' }>;
}

/** The audit log: entries by filter, its signed head, its verification. */
export function AuditPage({ api }: AuditPageProps) {
  return (
    <>
      <PageTitle>{t.audit.title}</PageTitle>
      <p class="muted">{t.audit.about}</p>
      <CheckpointCard api={api} />
    </>
  );
}
