import type { Role } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { t } from '../messages.ts';
import { CheckpointCard } from './checkpoint-card.tsx';
import { VerificationCard } from './verification-card.tsx';
import { Views } from './views.tsx';

/** Whether the log is whole, and its signed head. */
export function VerificationPage({ api, role }: { readonly api: Api; readonly role: Role }) {
  return (
    <>
      <PageTitle>{t.audit.verification.page}</PageTitle>
      {role === 'admin' ? (
        <>
          <Views filter={undefined} />
          <div class="two">
            <VerificationCard api={api} />
            <CheckpointCard api={api} />
          </div>
        </>
      ) : (
        <p class="card muted">{t.adminsOnly}</p>
      )}
    </>
  );
}
