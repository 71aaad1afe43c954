import { useState } from 'preact/hooks';
import type { SecurityEntry } from '../../protocol/http/security.ts';
import { SECURITY_ACTS, type SecurityKind } from '../../protocol/security-kinds.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { t } from './messages.ts';
import { type SecurityFilter, useSecurityLog } from './use-security-log.ts';

/** Security entries of the audit log, for admins. */
export function SecurityPage({ api }: { readonly api: Api }) {
  const [filter, setFilter] = useState<SecurityFilter>({});
  const { items: entries = [], problem, busy, more, reload } = useSecurityLog(api, filter);
  const { securityLog } = t;
  return (
    <section class="stack">
      <div class="row between">
        <PageTitle>{securityLog.title}</PageTitle>
        <button disabled={busy} onClick={reload}>
          {common.refresh}
        </button>
      </div>
      <div class="row">
        <label class="field">
          <span>{securityLog.event}</span>
          <select
            value={filter.kind ?? ''}
            onChange={({ currentTarget: { value } }) =>
              setFilter({ ...filter, kind: value === '' ? undefined : (value as SecurityKind) })
            }
          >
            <option value="">{securityLog.all}</option>
            {Object.entries(securityLog.kinds).map(([kind, name]) => (
              <option key={kind} value={kind}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {filter.actor !== undefined && (
          <button onClick={() => setFilter({ ...filter, actor: undefined })}>{securityLog.anyAccount}</button>
        )}
        {filter.digest !== undefined && (
          <button onClick={() => setFilter({ ...filter, digest: undefined })}>{securityLog.anyNetwork}</button>
        )}
      </div>
      <Problem>{problem}</Problem>
      <table class="security-log">
        <thead>
          <tr>
            <th>{securityLog.when}</th>
            <th>{securityLog.event}</th>
            <th>{securityLog.who}</th>
            <th>{securityLog.target}</th>
            <th>{securityLog.network}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} onFilter={(by) => setFilter({ ...filter, ...by })} />
          ))}
        </tbody>
      </table>
      {entries.length === 0 && !busy && <p class="card muted">{more ? securityLog.noneYet : securityLog.none}</p>}
      {more && (
        <button disabled={busy} onClick={more}>
          {securityLog.older}
        </button>
      )}
    </section>
  );
}

function Row({ entry, onFilter }: { readonly entry: SecurityEntry; readonly onFilter: (by: SecurityFilter) => void }) {
  const { kind, actor, target, count, folded, since, at, address } = entry;
  const { securityLog } = t;
  return (
    <tr class={SECURITY_ACTS.has(kind) ? undefined : 'refused'}>
      <td class="small">
        {since === undefined ? dateAndTime(at) : securityLog.period(dateAndTime(since), dateAndTime(at))}
      </td>
      <td>
        {securityLog.kinds[kind]}
        {count > 1 && securityLog.times(count)}
        {folded !== undefined && securityLog.folded(folded)}
      </td>
      <td>
        {actor === null ? (
          <span class="muted">{securityLog.unknown}</span>
        ) : (
          <Id id={actor} title={securityLog.onlyAccount(actor)} onClick={() => onFilter({ actor })} />
        )}
      </td>
      <td class="code">{target && <span title={target}>{short(target)}</span>}</td>
      <td>
        {address && (
          <Id
            id={address.digest}
            title={securityLog.onlyNetwork(address.day, address.digest)}
            onClick={() => onFilter({ digest: address.digest })}
          />
        )}
      </td>
    </tr>
  );
}

function Id({ id, title, onClick }: { readonly id: string; readonly title: string; readonly onClick: () => void }) {
  return (
    <button class="small code" title={title} onClick={onClick}>
      {short(id)}
    </button>
  );
}

/** The end of an id: ids from the same moment start alike. */
const short = (id: string): string => id.slice(-8);
