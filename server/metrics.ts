import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Every figure of one server, in a registry of its own so that several servers fit into one process. */
export class Metrics {
  readonly registry = new Registry();
  readonly #shared = { registers: [this.registry] };

  readonly framesReceived = new Counter({
    name: 'invigil_frames_received_total',
    help: 'Frames received on exam sockets and by HTTP',
    ...this.#shared,
  });
  readonly mails = new Counter({
    name: 'invigil_mails_total',
    help: 'Mails sent, and mails given up, by result',
    labelNames: ['result'] as const,
    ...this.#shared,
  });
  readonly framesAnalysed = new Counter({
    name: 'invigil_frames_analysed_total',
    help: 'Frames the models looked at',
    ...this.#shared,
  });
  readonly framesFollowed = new Counter({
    name: 'invigil_frames_followed_total',
    help: 'Of those, frames without a run of the detector: nothing had moved since the last one',
    ...this.#shared,
  });
  readonly framesDropped = new Counter({
    name: 'invigil_frames_dropped_total',
    help: 'Frames not looked at, by reason',
    labelNames: ['reason'] as const,
    ...this.#shared,
  });
  readonly queueWait = new Histogram({
    name: 'invigil_frame_queue_seconds',
    help: 'From arrival to the inference host',
    buckets: SECONDS,
    ...this.#shared,
  });
  readonly inferenceTime = new Histogram({
    name: 'invigil_inference_seconds',
    help: 'Time in a worker, by step',
    labelNames: ['step'] as const,
    buckets: SECONDS,
    ...this.#shared,
  });
  readonly hostRestarts = new Counter({
    name: 'invigil_inference_restarts_total',
    help: 'Inference hosts that ended and were replaced',
    ...this.#shared,
  });
  readonly hostViolations = new Counter({
    name: 'invigil_inference_violations_total',
    help: 'Inference hosts that were ended for what they said',
    labelNames: ['violation'] as const,
    ...this.#shared,
  });
  readonly commits = new Counter({
    name: 'invigil_commits_total',
    help: 'Group commits, by result',
    labelNames: ['result'] as const,
    ...this.#shared,
  });
  readonly commitTime = new Histogram({
    name: 'invigil_commit_seconds',
    help: 'Duration of a group commit',
    buckets: SECONDS,
    ...this.#shared,
  });
  readonly eventsCommitted = new Counter({
    name: 'invigil_events_committed_total',
    help: 'Event states committed',
    ...this.#shared,
  });
  readonly journalWaiting = new Gauge({
    name: 'invigil_journal_waiting',
    help: 'Changes waiting for a commit',
    ...this.#shared,
  });
  readonly journalPressure = new Gauge({
    name: 'invigil_journal_pressure',
    help: 'Who gives way to what waits: 0 nobody, 1 frames, 2 signals too',
    ...this.#shared,
  });
  readonly evidenceKept = new Counter({
    name: 'invigil_evidence_kept_total',
    help: 'Pictures of incidents that were stored',
    ...this.#shared,
  });
  readonly evidenceBytes = new Counter({
    name: 'invigil_evidence_bytes_total',
    help: 'Their bytes, encrypted',
    ...this.#shared,
  });
  readonly evidenceDropped = new Counter({
    name: 'invigil_evidence_dropped_total',
    help: 'Pictures of incidents that were not stored, by reason',
    labelNames: ['reason'] as const,
    ...this.#shared,
  });
  readonly evidenceWaiting = new Gauge({
    name: 'invigil_evidence_waiting',
    help: 'Pictures of incidents waiting for the store',
    ...this.#shared,
  });
  readonly systemChecks = new Counter({
    name: 'invigil_system_checks_total',
    help: 'Pictures of the check before an exam, by what became of them',
    labelNames: ['result'] as const,
    ...this.#shared,
  });
  readonly connections = new Gauge({
    name: 'invigil_connections',
    help: 'Open TCP connections, those of sockets included',
    ...this.#shared,
  });
  readonly shed = new Counter({
    name: 'invigil_shed_total',
    help: 'Connections, upgrades and sockets that were one too many, by the limit that they met',
    labelNames: ['limit'] as const,
    ...this.#shared,
  });
  readonly sockets = new Gauge({
    name: 'invigil_sockets',
    help: 'Open sockets, by kind',
    labelNames: ['kind'] as const,
    ...this.#shared,
  });
  /** Of the sockets; asked for when the figures are read. */
  unreadBytes: () => number = () => 0;
  readonly socketUnread: Gauge = new Gauge({
    name: 'invigil_socket_unread_bytes',
    help: 'What the server holds for sockets whose other end does not read; at most 1 MiB and one message each',
    collect: () => this.socketUnread.set(this.unreadBytes()),
    ...this.#shared,
  });
  readonly liveSessions = new Gauge({
    name: 'invigil_live_sessions',
    help: 'Sessions held in memory',
    ...this.#shared,
  });
  readonly rateScale = new Gauge({
    name: 'invigil_rate_scale',
    help: "Share of the policies' frame rates that is asked for",
    ...this.#shared,
  });
  readonly requests = new Counter({
    name: 'invigil_http_requests_total',
    help: 'HTTP requests, by route and status',
    labelNames: ['route', 'status'] as const,
    ...this.#shared,
  });
  readonly securityRefusals = new Counter({
    name: 'invigil_security_refusals_total',
    help: 'What was refused and is recorded in the audit log, by kind',
    labelNames: ['kind'] as const,
    ...this.#shared,
  });
  readonly securityActs = new Counter({
    name: 'invigil_security_acts_total',
    help: 'What was done and is recorded in the audit log as security, by kind',
    labelNames: ['kind'] as const,
    ...this.#shared,
  });
  readonly auditLeaves = new Counter({
    name: 'invigil_audit_leaves_total',
    help: 'Entries that got their place in the tree of the audit log',
    ...this.#shared,
  });
  readonly auditCheckpoints = new Counter({
    name: 'invigil_audit_checkpoints_total',
    help: 'Signed heads of the tree of the audit log',
    ...this.#shared,
  });
  readonly auditChanged = new Gauge({
    name: 'invigil_audit_changed',
    help: '1: the audit log is not what was signed before, and nothing is signed',
    ...this.#shared,
  });
  readonly passwordHashes = new Counter({
    name: 'invigil_password_hashes_total',
    help: 'Runs of argon2, to make or to check a hash',
    ...this.#shared,
  });

  /** Of the log's destination; asked for when the figures are read. */
  lostLogLines: () => number = () => 0;
  readonly logLinesLost: Counter = new Counter({
    name: 'invigil_log_lines_lost_total',
    help: 'Log lines lost because standard output took none',
    collect: () => {
      this.logLinesLost.reset();
      this.logLinesLost.inc(this.lostLogLines());
    },
    ...this.#shared,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.rateScale.set(1);
  }
}
