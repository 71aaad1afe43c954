import type { System } from '../../../protocol/http/system.ts';
import type { Api } from '../../shared/api.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { AUDIT, hrefOf } from '../route.ts';

/** Whether something needs attention, with links to the system and the audit log. For administrators. */
export function OversightCard({ api }: { readonly api: Api }) {
  const { value } = useLoaded(() => api.get<System>('/api/system'), [api]);
  const faults = value?.parts.filter(({ state }) => state === 'attention' || state === 'failed');
  return (
    <section class="card stack" aria-labelledby="oversight">
      <h2 id="oversight">{t.system.oversight}</h2>
      {faults?.length === 0 && <p>{t.system.allWell}</p>}
      {faults && faults.length > 0 && (
        <ul class="plain stack tight">
          {faults.map(({ name, state, code }) => (
            <li key={name} class={`note ${state === 'failed' ? 'bad' : 'warn'}`}>
              {t.system.parts[name]}: {t.system.words[code].is}
            </li>
          ))}
        </ul>
      )}
      <p class="row">
        <a href={hrefOf({ page: 'system' })}>{t.system.toSystem}</a>
        <a href={hrefOf(AUDIT)}>{t.system.toAudit}</a>
        <a href={hrefOf({ page: 'verification' })}>{t.system.toVerification}</a>
      </p>
    </section>
  );
}
