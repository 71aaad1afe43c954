import { useEffect } from 'preact/hooks';
import type { Role } from '../../../protocol/http/accounts.ts';
import type { System } from '../../../protocol/http/system.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { dateAndTime, zonedTimeOfDay } from '../../shared/time-format.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { Expected } from './expected.tsx';
import { Health } from './health.tsx';
import { InferenceFacts } from './inference-facts.tsx';
import { Settings } from './settings.tsx';
import { StorageFacts } from './storage.tsx';

const POLL_MS = 10_000;

interface SystemPageProps {
  readonly api: Api;
  readonly role: Role;
}

/** State of the installation, for administrators. */
export function SystemPage({ api, role }: SystemPageProps) {
  return (
    <>
      <PageTitle>{t.system.title}</PageTitle>
      {role === 'admin' ? <State api={api} /> : <p class="card muted">{t.adminsOnly}</p>}
    </>
  );
}

function State({ api }: { readonly api: Api }) {
  const { value, error, reload } = useLoaded(() => api.get<System>('/api/system'), [api]);
  useEffect(() => {
    const timer = setInterval(() => void reload(), POLL_MS);
    return () => clearInterval(timer);
  }, []);
  if (!value) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  const { version, node, startedAt, database } = value;
  return (
    <>
      <Problem>{error}</Problem>
      <p class="small muted">
        {t.system.running(version, node, dateAndTime(startedAt))}{' '}
        {database && `${t.system.engines[database.engine]}: ${t.system.durability[database.durability]}.`}{' '}
        {t.system.updated(zonedTimeOfDay(value.at))}
      </p>
      <Health parts={value.parts} />
      <div class="two">
        <InferenceFacts inference={value.inference} />
        <StorageFacts storage={value.storage} />
      </div>
      <Expected sessions={value.sessions} />
      <Settings settings={value.settings} />
    </>
  );
}
