import type { AuditCheckpoint, AuditConsistency } from '../../protocol/http/audit-proofs.ts';
import type { Api } from '../shared/api.ts';
import { ApiError, messageOf } from '../shared/api-error.ts';
import { type AuditCrypto, auditCrypto } from './audit-crypto.ts';
import { checkLog } from './check-log.ts';
import { type KeptLog, parseKept } from './kept-log.ts';

const STORED = 'invigil.audit';
const EVERY_MS = 60_000;

export interface LogView {
  readonly kept: KeptLog | undefined;
  /**
   * `blind`: this browser can check nothing here. `none`: the server has no checkpoint yet. `away`: it could not be
   * asked.
   */
  readonly state: 'asking' | 'good' | 'none' | 'away' | 'blind';
  /** Whether signatures can be checked here. */
  readonly signed: boolean;
  readonly problem: string | undefined;
}

const readKept = () => parseKept(localStorage.getItem(STORED));

const unless = <T>(statuses: readonly number[], asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((error: unknown) => {
    if (error instanceof ApiError && statuses.includes(error.status)) return undefined;
    throw error;
  });

/** Holds the server to its audit log: what it showed before has to be the beginning of what it shows now. */
export class LogWatch {
  readonly crypto: Promise<AuditCrypto | undefined> = auditCrypto();
  readonly #api: Api;
  readonly #listeners = new Set<(view: LogView) => void>();
  #view: LogView = { kept: readKept(), state: 'asking', signed: true, problem: undefined };
  #running: Promise<void> = Promise.resolve();

  constructor(api: Api) {
    this.#api = api;
  }

  get view(): LogView {
    return this.#view;
  }

  /** @returns takes the listener off again */
  onView(listener: (view: LogView) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Checks now and every minute. @returns ends it */
  start(): () => void {
    const check = () => void this.check();
    // Another tab has found something.
    const heard = (event: StorageEvent) => event.key === STORED && this.#show({ kept: readKept() });
    check();
    const timer = setInterval(check, EVERY_MS);
    addEventListener('storage', heard);
    return () => {
      clearInterval(timer);
      removeEventListener('storage', heard);
    };
  }

  /**
   * One after the other. @param newest the checkpoint that is looked at, unless it is the newest: has to be asked for
   * when it is called
   */
  check(
    newest: () => Promise<AuditCheckpoint | undefined> = () =>
      unless([404], this.#api.get<AuditCheckpoint>('/api/audit/checkpoint')),
  ): Promise<void> {
    return (this.#running = this.#running.then(() => this.#check(newest)));
  }

  /** A person has looked, and takes the log as it is now. */
  trustAnew(): Promise<void> {
    localStorage.removeItem(STORED);
    this.#show({ kept: undefined, state: 'asking' });
    return this.check();
  }

  async #check(newest: () => Promise<AuditCheckpoint | undefined>): Promise<void> {
    const crypto = await this.crypto;
    const consistency = (from: number, to: number) =>
      unless([400], this.#api.get<AuditConsistency>(`/api/audit/consistency?from=${from}&to=${to}`));
    // Before the server is asked: a later one may be kept by another tab.
    const kept = readKept();
    try {
      if (!crypto) {
        // Whoever waits for what it brings gets that.
        await newest();
        return this.#show({ state: 'blind' });
      }
      const found = await checkLog(kept, { newest, consistency }, crypto, Date.now());
      this.#keep(found);
      this.#show({
        kept: readKept(),
        state: found ? 'good' : 'none',
        signed: crypto.verify !== undefined,
        problem: undefined,
      });
    } catch (error) {
      this.#show({ kept: readKept(), state: 'away', problem: messageOf(error) });
    }
  }

  #keep(found: KeptLog | undefined): void {
    const meanwhile = readKept();
    if (!found || (meanwhile?.alarm && !found.alarm)) return;
    if (!found.alarm && meanwhile && meanwhile.size > found.size) return;
    localStorage.setItem(STORED, JSON.stringify(found));
  }

  #show(change: Partial<LogView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener(this.#view);
  }
}
