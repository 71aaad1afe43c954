import type { Severity } from '../../../../../protocol/event-types.ts';
import { number, plural } from '../../numbers.ts';

const side = (degrees: number, positive: string, negative: string) =>
  `${number(Math.abs(Math.round(degrees)))}° ${degrees >= 0 ? positive : negative}`;

/** One session live: image, timeline, risk, commands. */
export const session = {
  nav: 'Session',
  pages: { session: 'Live', review: 'Review', report: 'Report' },
  wall: 'All sessions',

  noLiveView: 'Reviewers see records, not live cameras.',
  imagesHidden: 'Camera images are hidden in this browser.',
  over: 'The session has ended.',
  review: 'Review it',
  noAnalysis: 'No analysis yet',
  notAnalysed: 'Not analysed while disconnected',
  overlay: 'Show overlay: face box, head direction (solid), gaze (dashed)',
  noFace: 'No face detected',
  faces: (count: number) => plural(count, { one: 'One face', other: '# faces' }),
  head: (yaw: number, pitch: number) => `head ${side(yaw, 'right', 'left')}, ${side(pitch, 'up', 'down')}`,
  eyes: (yaw: number, pitch: number) => `eyes ${side(yaw, 'right', 'left')}, ${side(pitch, 'up', 'down')}`,
  link: { good: 'Good connection', fair: 'Fair connection', poor: 'Poor connection', none: 'No images' },
  linkDetail: (fps: string, kibPerSecond: number, delayMs: number) =>
    `${fps} images/s · ${number(kibPerSecond)} KiB/s · at most ${number(delayMs)} ms late`,

  timeline: 'Timeline',
  because: (reasons: string) => `Because of: ${reasons}`,
  nothingYet: 'No events yet.',
  ongoing: 'ongoing',
  instant: 'instant',
  times: (count: number) => `×\u00a0${number(count)}`,
  risk: 'Risk',
  riskSummary: (total: string, recent: string) => `Risk over time: total ${total}, recent ${recent}`,
  total: 'Total',
  excludingDismissed: 'After review: without dismissed, with flags',
  recent: 'Recent',

  score: 'Score',
  scoreNow: (score: string, recent: string) => `${score}, recent ${recent}`,
  began: 'Started',
  until: 'Ends',
  noLimit: 'no limit',
  status: 'Status',
  paused: 'paused',
  pausedSince: (time: string) => `paused since ${time}`,
  /** 24 h after the beginning of a pause. */
  pauseEnds: (time: string) =>
    `If nobody resumes it, the session ends ${time}. The time left can then be granted by a readmission.`,
  running: 'running',
  connected: 'connected',
  notConnected: 'not connected',
  events: 'Events',
  timesIn: (zone: string) => `Times in ${zone}`,

  commands: { message: 'Message', pause: 'Pause', resume: 'Resume', extend: 'Extend', terminate: 'End exam' },
  dialogs: {
    message: 'Send a message',
    pause: 'Pause the exam',
    extend: 'Extend the time limit',
    terminate: 'End the exam',
  },
  dialogTitle: (command: string, name: string) => `${command}: ${name}`,
  confirm: { message: 'Send', pause: 'Pause exam', extend: 'Extend time', terminate: 'End exam for this student' },
  done: {
    message: 'Message sent',
    pause: 'Paused',
    resume: 'Resumed',
    extend: 'Time extended',
    terminate: 'Exam ended',
  },
  recorded: (done: string, time: string) => `${done}. Recorded at ${time}.`,
  pending: 'Sending…',
  notSent: 'Not connected: the command was not sent. Try again once you are reconnected.',
  terminateEffect:
    'The session ends now, and the student cannot continue. Only staff can let the student in again, with Readmit on this page. The end stays in the record.',
  minutes: 'Minutes',
  messageText: 'Message to the student',
  reasonShown: 'Reason (shown to the student)',
  reasonOptional: 'Reason (optional)',

  /** Staff who share the sessions of an exam. */
  team: {
    title: 'Team',
    nobody: 'Nobody in particular looks after this session.',
    mine: (time: string) => `You look after this session since ${time}.`,
    theirs: (name: string, time: string) => `${name} looks after this session since ${time}.`,
    from: (name: string) => `Handed over by ${name}.`,
    open: (names: string) => `Also open at: ${names}`,
    seen: (name: string, time: string) => `Seen by ${name}, ${time}`,
    take: 'Take',
    takeOver: 'Take over',
    release: 'Release',
    handOver: 'Hand over',
    handOverTitle: 'Hand over',
    handOverConfirm: 'Hand over',
    colleague: 'Colleague',
    noColleagues: 'Nobody else may command this session.',
    limitsNobody: 'It says who looks after the session. Whoever may command it still may.',
  },
  flag: {
    title: 'Flag',
    category: 'What was it?',
    severities: { info: 'no weight', low: 'low', medium: 'medium', high: 'high' } satisfies Record<Severity, string>,
    option: (label: string, severity: string) => `${label} (${severity})`,
    when: 'When?',
    now: 'Now',
    other: 'Another time',
    at: (time: string, name: string) => `${time} ${name}`,
    from: 'From',
    fromHint: 'Minutes and seconds after the start, such as 5:30 or 1:05:30',
    to: 'To (optional)',
    timeWrong: 'Write times as minutes and seconds after the start, the end after the beginning.',
    note: 'Note (optional)',
    noteHint: 'For staff only. The student can read category and time once a verdict is released.',
    keep: 'Keep the image of now as evidence',
    keepNow: 'Keep image',
    kept: (time: string) => `Image kept at ${time}. It is at that event in the review.`,
    confirm: 'Flag',
  },
  notes: {
    title: 'Internal notes',
    label: 'Note, for staff only',
    add: 'Add note',
    older: 'Older notes',
  },

  /** Requests to the student. */
  requests: {
    title: 'Ask the student',
    turn: 'Turn the head',
    look: 'Show the room',
    check: 'Face check',
    turnsOff: 'An accommodation switches head turns off for this student.',
    waiting: (time: string, what: string) => `${time} ${what}. Waiting for the student…`,
    at: (time: string, what: string) => `${time} ${what}.`,
    checkHow:
      'Compare the two images yourself: no computer compares faces. Hair, glasses, light and angle change; if you are not sure, say so.',
    checkWaiting: 'Waiting for an image of the student…',
    checkQuestion: 'Is it the same person?',
    checkNote: 'Note (optional)',
    checkNoteHint: 'Stored with your name in the record, which the student can read.',
    checkSave: 'Record',
  },

  /** Last state that the exam page reported. */
  client: {
    since: (age: string) => `Exam page ${age} ago`,
    visible: 'visible',
    hidden: 'hidden',
    unfocused: 'without focus',
    unwatched: 'not watched',
    explained: (place: string, by: string) => `${place} (${by})`,
    fullscreen: 'full screen',
    window: 'in a window',
    screens: (screens: number | 'several' | 'unknown') =>
      screens === 'unknown'
        ? 'screens unknown'
        : screens === 'several'
          ? 'several screens'
          : plural(screens, { one: '# screen', other: '# screens' }),
    camera: (label: string | null, size: string | undefined, fps: number | null) =>
      [
        label === null ? 'camera' : `camera “${label}”`,
        ...(size === undefined ? [] : [size]),
        ...(fps === null ? [] : [`${number(fps)} per second`]),
      ].join(', '),
    noCamera: 'no camera',
    waiting: (count: number) => plural(count, { one: '# signal waiting', other: '# signals waiting' }),
  },
  framesRecent: 'Server counts:',
  framesNotCounted: 'none yet.',
  noFrames: 'No images received.',
  frames: (received: number, minutes: number, analysed: number) =>
    plural(received, { one: '# image received', other: '# images received' }) +
    plural(minutes, { one: ' in # minute', other: ' in # minutes' }) +
    `, ${number(analysed)} analysed`,
  /** Reasons of the server for not analysing an image; an unknown one is shown as it is. */
  dropReasons: {
    over_rate: 'above the rate limit',
    out_of_order: 'out of order',
    quarantined: 'refused after analysis crashes',
    invalid: 'invalid',
    too_large: 'too large',
    not_due: 'above the analysis rate',
    replaced: 'replaced by a newer one',
    paused: 'while paused',
    ended: 'after the end',
    store_away: 'while the database was unavailable',
    cut_off: 'lost with the connection',
    vision_off: 'while analysis was off',
    host_lost: 'lost when analysis restarted',
    invalid_image: 'unreadable',
    inference_failed: 'failed in analysis',
  } as Record<string, string>,
  dropped: (count: number, reason: string) => `${number(count)} ${reason}`,
  framesDropped: (reasons: string) => `not analysed: ${reasons}`,
  models: (models: string) => `Models: ${models}.`,

  studentNumber: (text: string) => `Student number ${text}`,
  seat: (seat: string) => `Seat: ${seat}`,
  attempt: (attempt: string) => `Attempt ${attempt}`,
  attempts: 'Attempts of this student',
  attemptOf: (attempt: string, start: string) => `Attempt ${attempt}, ${start}`,
  thisOne: '(this one)',
  readmission: 'Readmission',
  readmit: 'Readmit',
  readmitTitle: (name: string) => `Readmit ${name}`,
  readmitEffect:
    'The student starts again from their exam list. Your name and the reason are recorded and shown in the review.',
  readmitKind: 'How',
  readmitKinds: {
    continue: 'Continue this attempt',
    new: 'Start a new attempt',
  },
  readmitKindHints: {
    continue: 'With its record and the time that was left when it ended. Not while an appeal about it is open.',
    new: 'With a new time limit. This attempt and its record stay.',
  },
  readmitReason: 'Reason (recorded)',
  readmitExtra: 'Extra minutes',
  readmitExtraHint: 'Added to the time that was left, or to the time limit of the new attempt',
  readmitUntil: 'Until',
  readmitUntilHint: 'Leave empty for the end of the exam. After that end, the student needs a time here.',
  readmitted: {
    continue: (name: string, time: string) => `Readmitted by ${name}, ${time}, to continue this attempt.`,
    new: (name: string, time: string) => `Readmitted by ${name}, ${time}, to start a new attempt.`,
  },
  readmissionState: {
    pending: 'Not used yet: the student can start from their exam list.',
    used: (time: string) => `Used ${time}.`,
    withdrawn: (time: string) => `Withdrawn ${time}.`,
  },
  withdraw: 'Withdraw',
};
