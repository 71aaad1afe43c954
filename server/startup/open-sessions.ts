import type { Db } from '../../db/executor.ts';
import { findEvents } from '../../db/events.ts';
import type { OpenDatabase } from '../../db/open.ts';
import { findUser } from '../../db/users.ts';
import { LiveAccess } from '../access/live-access.ts';
import { Peers } from '../cluster/peers.ts';
import type { Bus } from '../cluster/bus.ts';
import { shareNews } from '../cluster/news.ts';
import { WITHOUT_BUS } from '../cluster/without-bus.ts';
import type { Revocations } from '../auth/logins/revocations.ts';
import type { Membership } from '../cluster/membership.ts';
import type { Clock, Timers } from '../clock.ts';
import type { Config, Secrets } from '../config.ts';
import { openEvidence } from '../evidence/open-evidence.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import { LocalFeed } from '../feed/local.ts';
import { LoadShedding } from '../inference/load-shedding.ts';
import type { InferencePool } from '../inference/pool.ts';
import { Scheduler } from '../inference/scheduler.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { originDigest } from '../session/live/origin-digest.ts';
import { sessionActs } from '../session/live/session-acts.ts';
import { SessionDoor } from '../session/live/session-door.ts';
import type { LiveSession } from '../session/live/live-session.ts';
import { SessionRegistry } from '../session/live/session-registry.ts';
import { Backlog, LEVELS } from '../session/record/backlog.ts';
import { GroupWriter, type GroupWriterOptions } from '../session/record/group-writer.ts';
import { addLatePicture } from '../session/record/late-picture.ts';
import type { EvidenceAccess } from '../session/record/session-recorder.ts';
import { WriteQueue } from '../session/record/write-queue.ts';
import { TeamActs } from '../session/team/team-acts.ts';
import { TeamDesk } from '../session/team/team-desk.ts';
import { type ReviewAct, Reviews } from '../session/review/reviews.ts';
import { DatabaseProbe } from './database-probe.ts';
import { every } from './every.ts';
import type { Shutdown } from './shutdown.ts';
import type { Status } from './status.ts';

/** Period after which load shedding is decided anew. */
const SHEDDING_MS = 2000;
/** What other processes have changed is found within this time, also without a message, ms. */
const FOLLOW_MS = 8000;

export interface SessionsParts {
  readonly db: Db;
  readonly node: Pick<Membership, 'id' | 'isShared'>;
  /** Undefined: this process knows of no other ones. */
  readonly bus: Bus | undefined;
  readonly revocations: Revocations;
  readonly database: Pick<OpenDatabase, 'writer' | 'check' | 'kind' | 'durability'>;
  readonly pool: InferencePool;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly status: Status;
  readonly shutdown: Shutdown;
  readonly evidenceStore?: EvidenceStore | undefined;
  readonly random?: (() => number) | undefined;
  readonly writer: GroupWriterOptions;
}

export type Sessions = ReturnType<typeof openSessions>;

/** Live sessions with everything that they share: models, write queue, feed and evidence. */
export function openSessions(config: Config, secrets: Secrets, parts: SessionsParts) {
  const { db, pool, clock, timers, log, metrics, status, shutdown } = parts;
  const rate = new LoadShedding();
  const scheduler = new Scheduler(pool, {
    now: clock,
    onWait: (ms, costly) => {
      metrics.queueWait.observe(Math.max(0, ms) / 1000);
      if (!costly) rate.waited(ms);
    },
    onReplaced: (costly) => {
      if (!costly) rate.replaced();
    },
    onError: (error) => log.error({ err: error }, 'handling a frame result failed'),
  });
  const { writer, check, kind, durability } = parts.database;
  const backlog = new Backlog(config.backlogBytes);
  const writeQueue = new WriteQueue(new GroupWriter(writer, parts.writer), log, metrics, backlog);
  const probe = new DatabaseProbe(check, log);
  probe.start(shutdown.signal, timers);
  status.database = () => ({ engine: kind, durability, isUp: writeQueue.storeIsThere && probe.isUp });
  const feed = new LocalFeed();
  const access = new LiveAccess(db);
  const evidence = openEvidence(
    { db, clock, log, metrics },
    config.evidenceDir,
    secrets.evidenceKey,
    parts.evidenceStore,
  );
  const { evidenceWriter } = evidence;
  const evidenceAccess: EvidenceAccess | undefined = evidenceWriter && {
    evidenceWriter,
    findEvents: (ids) => findEvents(db, ids),
    addLate: (row, act) => addLatePicture(db, row, act),
  };
  const models = () => (pool.vision.state === 'off' ? undefined : pool.vision.state === 'on' ? pool.vision.models : []);
  const recorderParts = { writeQueue, feed, clock, models };
  let tellClaimed: (session: string) => void = () => {};
  const registry = new SessionRegistry(
    db,
    {
      ...recorderParts,
      evidence: evidenceAccess,
      access,
      node: parts.node.id,
      isShared: parts.node.isShared,
      onClaimed: (session) => tellClaimed(session),
      findName: async (id) => (await findUser(db, id))?.name,
      originDigest: originDigest(secrets.auditKey),
      random: parts.random,
      scheduler,
      rate,
      metrics,
      timers,
    },
    log,
  );
  backlog.onPressure = (pressure) => {
    log.warn({ pressure, waiting: writeQueue.waiting, bytes: backlog.bytes }, 'changes wait for the database');
    rate.isHeld = pressure !== 'none';
    metrics.journalPressure.set(LEVELS.indexOf(pressure));
    // Not in the middle of an append: a session is consistent between turns only.
    queueMicrotask(() => registry.press(writeQueue.pressure));
  };
  let wasOff = false;
  pool.onChange = () => {
    scheduler.pump();
    const isOff = pool.vision.state === 'off';
    if (isOff || wasOff) registry.retuneAll();
    wasOff = isOff;
  };
  every(
    SHEDDING_MS,
    shutdown.signal,
    () => {
      scheduler.judge();
      if (!rate.step()) return;
      metrics.rateScale.set(rate.scale);
      registry.retuneAll();
    },
    timers,
  );
  shutdown.on('inference', () => pool.close());
  shutdown.on('sessions', () => registry.stop());
  shutdown.on('evidence', ({ storeMs }) => evidenceWriter?.stop(storeMs));
  shutdown.on('writes', async ({ storeMs }) => {
    if (!(await writeQueue.drain(storeMs)))
      log.warn({ waiting: writeQueue.waiting }, 'changes were not committed; they were not acknowledged');
    writeQueue.stop();
  });
  if (config.vision) pool.start();
  else pool.leaveOff('VISION=off');
  registry.start();
  const acts = {
    ...sessionActs(db),
    review: (session: LiveSession, act: ReviewAct) => reviews.review(session, act),
  };
  const { bus } = parts;
  const peers = bus && new Peers(bus, log);
  const door = new SessionDoor(registry, acts, peers ?? WITHOUT_BUS);
  peers?.serve(parts.node.id, (request) => door.answer(request));
  if (bus) tellClaimed = shareNews({ bus, revocations: parts.revocations, access, registry, log });
  if (parts.node.isShared)
    every(
      FOLLOW_MS,
      shutdown.signal,
      () => void access.reread().catch((error: unknown) => log.debug({ err: error }, 'rights could not be read')),
      timers,
    );
  const reviews = new Reviews(db, door, { ...recorderParts, access });
  const desk = new TeamDesk({ db, feed, log, isLive: (id) => registry.find(id) !== undefined });
  return {
    desk,
    team: new TeamActs({ db, desk, clock }),
    scheduler,
    rate,
    registry,
    door,
    feed,
    access,
    evidence,
    reviews,
  };
}
