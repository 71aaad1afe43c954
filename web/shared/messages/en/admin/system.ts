import type { System, SystemPart } from '../../../../../protocol/http/system.ts';
import { plural } from '../../numbers.ts';

/** State of the installation. */
export const system = {
  title: 'System',
  updated: (time: string) => `As of ${time}; updated every 10 seconds.`,
  running: (version: string, node: string, since: string) =>
    `Version ${version} on Node.js ${node}, running since ${since}.`,

  oversight: 'Oversight',
  allWell: 'All parts of the server work.',
  toSystem: 'Health, storage and capacity',
  toAudit: 'Who did what',
  toVerification: 'Verify the audit log',

  health: 'Health',
  parts: {
    database: 'Database',
    inference: 'Frame analysis',
    evidence: 'Incident images',
    audit: 'Audit log',
    logs: 'Server log',
    mail: 'Mail',
    storage: 'Disk space',
  } satisfies Record<SystemPart['name'], string>,
  states: {
    ok: 'OK',
    off: 'Off',
    starting: 'Starting',
    attention: 'Attention',
    failed: 'Not working',
  } satisfies Record<SystemPart['state'], string>,
  /** What is the case, and what to do. */
  words: {
    up: { is: 'Works.', todo: '' },
    down: {
      is: 'The database does not answer or takes no writes.',
      todo: 'Check that PostgreSQL runs and that its disk is not full. Students can continue: their events wait and are stored when it is back.',
    },
    vision_starting: {
      is: 'The models are being loaded.',
      todo: 'Wait a minute. If it stays, look at the server log.',
    },
    vision_off: {
      is: 'Frames are not analysed: VISION=off.',
      todo: 'Set VISION=on and restart the server to analyse frames.',
    },
    vision_failed: {
      is: 'Frames are accepted and not analysed: the models cannot be started.',
      todo: 'Look at the server log for the reason. Starts are repeated by themselves.',
    },
    vision_slow: {
      is: 'More frames arrive than this machine can analyse: all students are asked for fewer.',
      todo: 'Give the server more cores, or lower the frame rate of the policies. Incidents are still found, a little later.',
    },
    no_evidence_key: {
      is: 'No images are stored, whatever the policies say: EVIDENCE_KEY is not set.',
      todo: 'To store them, set EVIDENCE_KEY to the output of: openssl rand -base64 32',
    },
    evidence_failing: {
      is: 'Images cannot be stored: the folder refuses them.',
      todo: 'Check free space and rights of EVIDENCE_DIR. Images of this time are missing; events are complete.',
    },
    audit_behind: {
      is: 'Entries wait to be signed.',
      todo: 'Check that AUDIT_DIR can be written and has space. Nothing is lost: they are signed when it can.',
    },
    audit_changed: {
      is: 'The log differs from what was signed before, and nothing is signed any more.',
      todo: 'Do not change anything on the server. Verify the log on its page, save the checkpoint, and have the log examined.',
    },
    logs_lost: {
      is: 'Standard output takes no lines: some of the server log are lost.',
      todo: 'Check the service manager and its disk. Nothing else is affected.',
    },
    logs_unknown: { is: 'Lines go to standard output.', todo: '' },
    no_mail_server: {
      is: 'No mail is sent: invitation and reset links are shown to the author only.',
      todo: 'To send them, set SMTP_URL and SMTP_FROM.',
    },
    mail_failed: {
      is: 'A mail could not be sent in the last 24 hours.',
      todo: 'Check SMTP_URL and the mail server. Each link tells on the page of its account whether its mail was sent.',
    },
    storage_unknown: { is: 'Not measured yet.', todo: 'The first measurement follows within a minute of the start.' },
    storage_low: {
      is: 'Less than a tenth of a disk is free.',
      todo: 'Free space or add some before the next exam. Shorter retention times of policies free it by themselves.',
    },
    storage_full_soon: {
      is: 'At the present rate a disk is full within 7 days.',
      todo: 'Add space now, or shorten the retention times of policies.',
    },
  } satisfies Record<SystemPart['code'], { is: string; todo: string }>,
  todo: 'What to do:',
  reason: (reason: string) => `Reason: ${reason}`,
  lostLines: (lines: number) =>
    plural(lines, { one: '# line lost since the start.', other: '# lines lost since the start.' }),
  engines: {
    pglite: 'Embedded database, for trying out',
    postgres: 'PostgreSQL',
  } satisfies Record<NonNullable<System['database']>['engine'], string>,
  durability: {
    'process-crash': 'acknowledged events survive a crash of the server',
    'power-loss': 'acknowledged events survive a power loss',
  } satisfies Record<NonNullable<System['database']>['durability'], string>,

  inference: 'Frame analysis',
  waiting: 'Frames waiting for their turn',
  rate: 'Frame rate in force',
  rateOf: (percent: string) => `${percent} of the policies' rates`,
  analysed: 'Frames analysed',
  perSecond: (frames: string) => `${frames} a second, over the last minute`,
  threads: 'Threads',
  models: 'Models',
  noModels: 'None are loaded.',
  unknown: 'unknown',

  capacity: 'Expected sessions',
  liveNow: (sessions: number) =>
    plural(sessions, { one: '# student is connected now.', other: '# students are connected now.' }),
  carries: (students: string, cores: string, share: string) =>
    `This machine can carry about ${students} students: measured per core, on ${cores} cores, planned to be ${share} busy.`,
  measuredAt: (time: string) => `Measured ${time}.`,
  otherMachine: 'It was measured on another machine. Measure again here.',
  notMeasured: 'What this machine can carry has not been measured.',
  howToMeasure:
    'Measure it while no exam runs, on this machine, in the folder of the server; the file goes into DATA_DIR:',
  carried: (sessions: number, time: string) =>
    plural(sessions, {
      one: 'At most # student at once since the start, at the full frame rate',
      other: 'At most # students at once since the start, at the full frame rate',
    }) + ` (${time}).`,
  fits: 'The peak of the next 24 hours fits.',
  tooMany: (students: string, capacity: string) =>
    `${students} students are expected at once, more than the ${capacity} that were measured. Students are then asked for fewer frames.`,
  noneExpected: 'No exam of the next 24 hours has enrolled students.',
  hours: 'Students by hour',
  hourIn: (zone: string) => `Hour (${zone})`,
  students: 'Students',
  exams: 'Exams of the next 24 hours',
  exam: 'Exam',
  openToAll: 'and others: open to everyone with an account',
  untimed: (exams: number) =>
    plural(exams, {
      one: '# open exam has no end; its students are not counted.',
      other: '# open exams have no end; their students are not counted.',
    }),

  storage: 'Storage',
  storageParts: {
    database: 'Database',
    evidence: 'Incident images',
    audit: 'Checkpoints of the audit log',
  } satisfies Record<System['storage']['parts'][number]['name'], string>,
  part: 'Part',
  used: 'Used',
  growth: 'Growth a day',
  growthHint: 'Growth is that of the last 7 days, and unknown before it was measured for 6 hours.',
  notGrowing: 'none',
  volume: (free: string, total: string) => `${free} of ${total} free`,
  lasts: (days: number) =>
    plural(Math.floor(days), { one: 'lasts # day at this rate', other: 'lasts # days at this rate' }),
  lastsYears: 'lasts for years at this rate',
  lastsUnknown: 'how long it lasts is not known yet',
  lastsStable: 'does not grow at present',
  elsewhere: 'On the database server: its free space is not known here.',
  logsElsewhere: 'The server log goes to standard output: the service manager keeps it and bounds its size.',

  settings: 'Settings',
  settingsAbout: 'In force since the start; secrets are not shown. A change needs a restart.',
  showDefaults: 'Show defaults, too',
  setting: 'Setting',
  value: 'Value',
  source: 'Source',
  sources: { set: 'set', default: 'default', generated: 'generated in DATA_DIR' },
  secretSet: 'set, not shown',
  secretUnset: 'not set',
  secretGenerated: 'generated, not shown',
  notSet: 'not set',
};
