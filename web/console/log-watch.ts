import type { AuditCheckpoint, AuditConsistency } from '../../protocol/http/audit-proofs.ts';
import type { Api } from '../shared/api.ts';
import { ApiError, messageOf } from '../shared/api-error.ts';
import { browserStorage } from '../shared/safe-storage.ts';
import { type AuditCrypto, auditCrypto } from './audit-crypto.ts';
import { checkLog } from './check-log.ts';
import { type StoredLog, parseStoredLog } from './stored-log.ts';

const STORED = 'invigil.audit';
const EVERY_MS = 60_000;

export interface LogView {
  readonly kept: StoredLog | undefined;
  /**
   * `blind`: this browser cannot verify here. `none`: the server has no checkpoint yet. `away`: the last request
   * failed.
   */
  readonly state: 'asking' | 'good' | 'none' | 'away' | 'blind';
  /** Whether this browser can verify signatures. */
  readonly signed: boolean;
  readonly problem: string | undefined;
}

const readStoredLog = () => parseStoredLog(browserStorage().getItem(STORED));

const unless = <T>(statuses: readonly number[], asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((error: unknown) => {
    if (error instanceof ApiError && statuses.includes(error.status)) return undefined;
    throw error;
  });

/** Verifies every minute that the server's audit log still starts with the entries it has shown before. */
export class LogWatch {
  readonly crypto: Promise<AuditCrypto | undefined> = auditCrypto();
  readonly #api: Api;
  readonly #listeners = new Set<(view: LogView) => void>();
  #view: LogView = { kept: readStoredLog(), state: 'asking', signed: true, problem: undefined };
  #running: Promise<void> = Promise.resolve();

  constructor(api: Api) {
    this.#api = api;
  }

  get view(): LogView {
    return this.#view;
  }

  /** @returns removes the listener */
  onView(listener: (view: LogView) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Verifies now and every minute. @returns stops */
  start(): () => void {
    const check = () => void this.check();
    // Another tab has stored a result.
    const heard = (event: StorageEvent) => event.key === STORED && this.#show({ kept: readStoredLog() });
    check();
    const timer = setInterval(check, EVERY_MS);
    addEventListener('storage', heard);
    return () => {
      clearInterval(timer);
      removeEventListener('storage', heard);
    };
  }

  /**
   * Verifies a checkpoint; calls run one after another.
   * @param newest requests the checkpoint when it is called; the server's newest by default
   */
  check(
    newest: () => Promise<AuditCheckpoint | undefined> = () =>
      unless([404], this.#api.get<AuditCheckpoint>('/api/audit/checkpoint')),
  ): Promise<void> {
    return (this.#running = this.#running.then(() => this.#check(newest)));
  }

  /** After an alarm: trusts the current log on first use again. */
  acceptCurrent(): Promise<void> {
    browserStorage().removeItem(STORED);
    this.#show({ kept: undefined, state: 'asking' });
    return this.check();
  }

  async #check(newest: () => Promise<AuditCheckpoint | undefined>): Promise<void> {
    const crypto = await this.crypto;
    const consistency = (from: number, to: number) =>
      unless([400], this.#api.get<AuditConsistency>(`/api/audit/consistency?from=${from}&to=${to}`));
    // Read before the request: another tab may store a later one.
    const kept = readStoredLog();
    try {
      if (!crypto) {
        // The caller may be waiting for its result.
        await newest();
        return this.#show({ state: 'blind' });
      }
      const found = await checkLog(kept, { newest, consistency }, crypto, Date.now());
      this.#keep(found);
      this.#show({
        kept: readStoredLog(),
        state: found ? 'good' : 'none',
        signed: crypto.verify !== undefined,
        problem: undefined,
      });
    } catch (error) {
      this.#show({ kept: readStoredLog(), state: 'away', problem: messageOf(error) });
    }
  }

  #keep(found: StoredLog | undefined): void {
    const meanwhile = readStoredLog();
    if (!found || (meanwhile?.alarm && !found.alarm)) return;
    if (!found.alarm && meanwhile && meanwhile.size > found.size) return;
    browserStorage().setItem(STORED, JSON.stringify(found));
  }

  #show(change: Partial<LogView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener(this.#view);
  }
}
