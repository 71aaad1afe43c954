import { useCallback, useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { AuditEntry, AuditPage } from '../../protocol/http/audit.ts';
import type { AuditCheckpoint, AuditOfSession } from '../../protocol/http/audit-proofs.ts';
import type { Api } from '../shared/api.ts';
import { messageOf } from '../shared/api-error.ts';
import { checkReport } from './check-report.ts';
import type { LogWatch } from './log-watch.ts';

export interface ReportLog {
  readonly part: AuditOfSession | undefined;
  readonly newest: AuditEntry | undefined;
  /** Fault in the chain; undefined if there is none, or it could not be verified here. */
  readonly fault: string | undefined;
  /** Whether this browser has recomputed the chain. */
  readonly checked: boolean;
  readonly problem: string | undefined;
}

const NOTHING: ReportLog = { part: undefined, newest: undefined, fault: undefined, checked: false, problem: undefined };

/** A session's part of the audit log, recomputed and verified against the checkpoint that this browser has stored. */
export function useReportLog(api: Api, watch: LogWatch, id: string): ReportLog & { readonly reload: () => void } {
  const [log, setLog] = useState<ReportLog>(NOTHING);
  const reload = useCallback(() => {
    read(api, watch, id).then(setLog, (error: unknown) => setLog({ ...NOTHING, problem: messageOf(error) }));
  }, [api, watch, id]);
  useEffect(reload, [reload]);
  return { ...log, reload };
}

async function read(api: Api, watch: LogWatch, id: string): Promise<ReportLog> {
  // Requested when its turn among the verifications comes: after the stored state was read, before a newer one can be.
  let asked: Promise<AuditOfSession> | undefined;
  await watch.check(() =>
    (asked = api.get<AuditOfSession>(`/api/audit/attempt/${id}`)).then(
      ({ checkpoint }): AuditCheckpoint | undefined => checkpoint ?? undefined,
    ),
  );
  const part = await (asked ?? api.get<AuditOfSession>(`/api/audit/attempt/${id}`));
  // Views of the page's own pictures go on appending: the figures are those of the moment that `part` was read.
  const chain = (await readChain(api, id)).slice(0, part.entries);
  const crypto = await watch.crypto;
  return {
    part,
    newest: chain.at(-1),
    fault: crypto && (await checkReport(part, chain, crypto.sha256)),
    checked: crypto !== undefined,
    problem: undefined,
  };
}

async function readChain(api: Api, id: string): Promise<AuditEntry[]> {
  const chain: AuditEntry[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const page: z.infer<typeof AuditPage> = await api.get(`/api/blockchain/attempt/${id}?limit=200&cursor=${cursor}`);
    chain.push(...page.items);
    cursor = page.nextCursor;
  }
  return chain;
}
