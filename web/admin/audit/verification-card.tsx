import { useEffect, useState } from 'preact/hooks';
import type { AuditFault, AuditVerification, AuditVerificationState } from '../../../protocol/http/audit.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { number } from '../../shared/messages/numbers.ts';
import { dateAndTime, zonedTimeOfDay } from '../../shared/time-format.ts';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';
import { NO_AUDIT_FILTER } from './audit-filter.ts';
import { shortId } from './short-id.ts';

const PATH = '/api/audit/verification';
const POLL_MS = 1000;

/** Verification of the whole log, by one button. It runs on the server: the page can be left meanwhile. */
export function VerificationCard({ api }: { readonly api: Api }) {
  const loaded = useLoaded(() => api.get<AuditVerificationState>(PATH), [api]);
  const [changed, setChanged] = useState<AuditVerificationState>();
  const action = useAction();
  const state = loaded.value;
  const isRunning = (changed ?? state)?.state === 'running';
  const { reload } = loaded;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => void reload().then(() => setChanged(undefined)), POLL_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  const now = changed ?? state;
  const start = () => action.run(async () => setChanged(await api.post<AuditVerificationState>(PATH)));
  const cancel = () =>
    action.run(async () => {
      await api.delete(PATH);
      await reload();
      setChanged(undefined);
    });
  return (
    <section class="card stack" aria-labelledby="verification">
      <h2 id="verification">{t.audit.verification.title}</h2>
      <p class="small muted">{t.audit.verification.about}</p>
      <Problem>{loaded.error ?? action.error}</Problem>
      {now?.state === 'running' && <Progress state={now} />}
      <div role="status" class="stack tight">
        {now && now.state !== 'running' && <Ended state={now} />}
      </div>
      <p>
        {isRunning ? (
          <button disabled={action.busy} onClick={() => void cancel()}>
            {t.audit.verification.cancel}
          </button>
        ) : (
          <button class="primary" disabled={action.busy || !now} onClick={() => void start()}>
            {now?.state === 'done' ? t.audit.verification.again : t.audit.verification.start}
          </button>
        )}
      </p>
    </section>
  );
}

/** Entries first, then the leaves of the tree. */
function Progress({ state: { startedAt, startedBy, progress } }: { readonly state: AuditVerificationState }) {
  const { checked, leaves, of } = progress ?? { checked: 0, leaves: 0, of: null };
  const isTree = leaves > 0;
  const all = of === null ? undefined : 2 * of;
  const total = of === null ? '…' : number(of);
  return (
    <div class="stack tight">
      <progress
        aria-label={t.audit.verification.progress}
        max={all === undefined ? undefined : Math.max(1, all)}
        value={all === undefined ? undefined : Math.min(all, Math.min(checked, of ?? 0) + leaves)}
      />
      <p class="tabular">
        {isTree
          ? t.audit.verification.tree(number(leaves), total)
          : t.audit.verification.entries(number(checked), total)}
      </p>
      <p class="small muted">
        {startedAt && t.audit.verification.running(startedBy?.name ?? '', zonedTimeOfDay(startedAt))}
      </p>
    </div>
  );
}

function Ended({ state: { state, startedBy, endedAt, result } }: { readonly state: AuditVerificationState }) {
  const time = endedAt ? dateAndTime(endedAt) : '';
  if (state === 'never') return <p class="muted">{t.audit.verification.never}</p>;
  if (state === 'cancelled') return <p class="note">{t.audit.verification.cancelled(time)}</p>;
  if (state === 'failed' || !result) return <p class="note bad">{t.audit.verification.failed(time)}</p>;
  return (
    <>
      <Result result={result} />
      <p class="small muted">{t.audit.verification.at(time, startedBy?.name ?? '')}</p>
    </>
  );
}

function Result({
  result: { valid, checked, records, checkpoints, firstBad },
}: {
  readonly result: AuditVerification;
}) {
  const { verification } = t.audit;
  if (valid)
    return (
      <div class="note good stack tight">
        <p>
          <strong>{verification.valid(checked)}</strong>
        </p>
        <p class="small">{verification.checked(number(records), number(checkpoints))}</p>
      </div>
    );
  return (
    <div class="note bad stack tight">
      <p>
        <strong>{verification.invalid(checked)}</strong>
      </p>
      {firstBad && <Fault fault={firstBad} />}
      <p class="small">{verification.whatToDo}</p>
    </div>
  );
}

function Fault({ fault }: { readonly fault: AuditFault }) {
  const { reason, entityType, entityId, position, leaf, seq, checkpoint } = fault;
  const { verification } = t.audit;
  const where = [
    position !== undefined && verification.position(number(position)),
    leaf !== undefined && verification.leaf(number(leaf)),
    seq !== undefined && verification.event(number(seq)),
    checkpoint?.size !== undefined && checkpoint.size !== null && verification.checkpoint(number(checkpoint.size)),
  ].filter((part) => typeof part === 'string');
  const filter =
    entityId &&
    {
      session: { session: entityId },
      exam: { exam: entityId },
      user: { person: entityId },
      system: undefined,
    }[entityType ?? 'system'];
  return (
    <p>
      {verification.reasons[reason]} {where.length > 0 && `${verification.firstBroken}: ${where.join(', ')}. `}
      {filter && <a href={hrefOf({ page: 'audit', filter: { ...NO_AUDIT_FILTER, ...filter } })}>{shortId(entityId)}</a>}
    </p>
  );
}
