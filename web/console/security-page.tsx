import { useState } from 'preact/hooks';
import type { SecurityEntry } from '../../protocol/http/security.ts';
import { SECURITY_ACTS, SECURITY_KINDS, type SecurityKind } from '../../protocol/security-kinds.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { type SecurityFilter, useSecurityLog } from './use-security-log.ts';

const KINDS = Object.keys(SECURITY_KINDS) as SecurityKind[];

/** Security entries of the audit log in plain words, for admins. */
export function SecurityPage({ api }: { readonly api: Api }) {
  const [filter, setFilter] = useState<SecurityFilter>({});
  const { entries, problem, busy, more, reload } = useSecurityLog(api, filter);
  return (
    <section class="stack">
      <div class="row between">
        <PageTitle>Security log</PageTitle>
        <button disabled={busy} onClick={reload}>
          Look again
        </button>
      </div>
      <div class="row">
        <label class="field">
          <span>What</span>
          <select
            value={filter.kind ?? ''}
            onChange={({ currentTarget: { value } }) =>
              setFilter({ ...filter, kind: value === '' ? undefined : (value as SecurityKind) })
            }
          >
            <option value="">everything</option>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {wordsOf(kind)}
              </option>
            ))}
          </select>
        </label>
        {filter.actor !== undefined && (
          <button onClick={() => setFilter({ ...filter, actor: undefined })}>Of all accounts</button>
        )}
        {filter.digest !== undefined && (
          <button onClick={() => setFilter({ ...filter, digest: undefined })}>From all networks</button>
        )}
      </div>
      <Problem>{problem}</Problem>
      <table class="security-log">
        <thead>
          <tr>
            <th>When</th>
            <th>What</th>
            <th>Who</th>
            <th>Of what</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} onFilter={(by) => setFilter({ ...filter, ...by })} />
          ))}
        </tbody>
      </table>
      {entries.length === 0 && !busy && (
        <p class="card muted">Nothing of this kind{more && ' among the newest entries'}.</p>
      )}
      {more && (
        <button disabled={busy} onClick={more}>
          Older entries
        </button>
      )}
    </section>
  );
}

function Row({ entry, onFilter }: { readonly entry: SecurityEntry; readonly onFilter: (by: SecurityFilter) => void }) {
  const { kind, actor, target, count, folded, since, at, address } = entry;
  return (
    <tr class={SECURITY_ACTS.has(kind) ? undefined : 'refused'}>
      <td class="small">
        {since !== undefined && `${dateAndTime(since)} to `}
        {dateAndTime(at)}
      </td>
      <td>
        {wordsOf(kind)}
        {count > 1 && `, ${count.toLocaleString('en')} times`}
        {folded !== undefined && ` (${folded.toLocaleString('en')} not told apart)`}
      </td>
      <td>
        {actor === null ? (
          <span class="muted">not known</span>
        ) : (
          <Id id={actor} what="Only what this account did" onClick={() => onFilter({ actor })} />
        )}
      </td>
      <td class="code">{target && <span title={target}>{short(target)}</span>}</td>
      <td>
        {address && (
          <Id
            id={address.digest}
            what={`Only from this network, on ${address.day}`}
            onClick={() => onFilter({ digest: address.digest })}
          />
        )}
      </td>
    </tr>
  );
}

function Id({ id, what, onClick }: { readonly id: string; readonly what: string; readonly onClick: () => void }) {
  return (
    <button class="small code" title={`${what}: ${id}`} onClick={onClick}>
      {short(id)}
    </button>
  );
}

/** Its meaning without what the target is. */
const wordsOf = (kind: SecurityKind): string => SECURITY_KINDS[kind].split(';')[0]!;
/** The end: ids of one moment begin alike. */
const short = (id: string): string => id.slice(-8);
