import { checkIn } from './check-in.ts';
import { myVerdicts } from './my-verdicts.ts';
import type { EndReason } from '../../../../protocol/down.ts';
import { studentTexts } from '../../../sdk/browser/student-texts.ts';
import { number, plural } from '../numbers.ts';

/** At most this many images: `2 per second`, `one every 5 seconds`. */
const rate = (fps: number) =>
  fps >= 1
    ? `${number(fps)} per second`
    : plural(Math.round(1 / fps), { one: 'one per second', other: 'one every # seconds' });

/** The student's page: exam list, consent, camera, exam, record. */
export const exam = {
  page: 'Exam',
  loginTitle: 'Log in to your exam',
  checkSetup: 'Check your camera and connection',
  checkSetupNote: '(no account needed)',

  exams: 'Exams',
  exam: 'Exam',
  systemCheck: 'System check',
  noExams: 'No exams are available right now.',
  start: 'Start',
  continue: 'Continue',
  startExam: (title: string) => `Start: ${title}`,
  continueExam: (title: string) => `Continue: ${title}`,
  notAvailable: (reason: string) => `Not available. ${reason}`,
  pastExams: 'Past exams',
  timesIn: (zone: string) => `Times in ${zone}`,
  noTimeLimit: 'No time limit',
  from: (time: string) => `from ${time}`,
  until: (time: string) => `until ${time}`,
  beginUntil: (time: string) => `begin by ${time}`,
  opens: (time: string) => `The exam has not started yet. It opens ${time}.`,
  missedExams: 'Closed exams that you did not start',
  missed: 'Closed. If you should have taken it, ask your exam office.',
  tooLate: (time: string) => `You had to begin by ${time}.`,
  attemptsUsed: (used: string, allowed: string) => `Attempts used: ${used} of ${allowed}`,
  readmitted: {
    continue: 'You can continue: staff have readmitted you. Your record and your remaining time are kept.',
    new: 'You can start again: staff have readmitted you to a new attempt.',
  },
  extraTime: (duration: string) => `includes ${duration} of extra time`,
  breaks: (duration: string) => `breaks of ${duration} in total`,
  accommodated: 'your accommodations apply',

  terms: {
    title: 'What is recorded',
    images: 'Camera images.',
    imagesDetail: (sendFps: number, analyseFps: number, gaze: boolean) =>
      `At most ${rate(sendFps)} are sent, and at most ${rate(analyseFps)} are analysed, on the exam's own server. ` +
      `The analysis determines the number of faces and the direction of the ${gaze ? 'head and eyes' : 'head'}. ` +
      'It does not guess emotions and does not identify anybody.',
    calibration: (seconds: number) =>
      plural(seconds, {
        one: 'During the first second it measures how you sit: look straight at the screen.',
        other: 'During the first # seconds it measures how you sit: look straight at the screen.',
      }),
    window: 'Events in this browser window.',
    windowDetail:
      'Leaving the tab, the page, the window or full screen, and for how long; copying, cutting and pasting (that it ' +
      'happened and the length, never the content); opening the context menu; a second screen. ' +
      'This includes pages shown inside the exam.',
    connection: 'Your connection.',
    connectionDetail:
      'When it is lost and restored. A lost connection adds nothing to your score and is no offence. ' +
      'Staff may look at sessions with long or repeated gaps first.',
    turns: 'Requests to turn your head.',
    turnsDetail: (seconds: number) =>
      `At random times, or by a proctor, you may be asked to turn your head left, right or up within ${number(seconds)} seconds. ` +
      'It shows that the camera shows you now, and not a recording. If it cannot be seen, nothing is held against you.',
    startPicture:
      'One image of you after the start is kept as well, so that a person can compare it with you later. No computer compares faces.',
    room: 'If a proctor asks you to show your room, and you agree, images of it are kept as well. You may decline.',
    allEvents: 'All recorded events',
    after: (name: string, seconds: number) => `${name}, if it lasts ${number(seconds)} s`,
    imagesDeleted: 'Images are deleted right after analysis.',
    imagesKept: (days: number) =>
      'Images are deleted right after analysis. Of each event detected by the camera, at most three are kept: ' +
      'at its start, at its clearest moment, and at its end. ' +
      plural(days, {
        one: 'They are encrypted and kept for # day, and every view is logged.',
        other: 'They are encrypted and kept for # days, and every view is logged.',
      }),
    eventsKept: (days: number) =>
      plural(days, {
        one: 'Events are kept for # day and then deleted.',
        other: 'Events are kept for # days and then deleted.',
      }),
    access: 'Who has access.',
    seenDuring: 'You see every event as it is recorded.',
    seenAfter: 'You see every event in your exam record after the exam.',
    accessDetail:
      'Proctors, reviewers, exam managers and administrators see them too. All of them except reviewers can watch ' +
      'your camera during the exam and send you messages. What you and they write is kept in the record. Nobody else has access. ' +
      'The score only shows staff where to look first:',
    decisions: 'every decision is made by a person.',
    decisionsDetail: 'You can ask for an explanation.',
    agree: 'I have read what is recorded and agree to it for this exam.',
    continue: 'Continue to camera',
  },

  checkIn,
  unreadable: 'The image cannot be read.',

  begin: 'Begin exam',
  continueTitle: 'Continue exam',
  fullSystemCheck: 'Run the full system check',
  beginRunning:
    'Your exam is in progress. You can continue right away, even without a camera: the missing camera is recorded.',
  beginLocked: 'You can begin once your face is detected. The exam time has not started.',
  beginReady: 'Ready. The exam time starts when you begin.',

  calibration: {
    title: 'Look at the screen',
    instructions: 'Sit as you will during the exam and look straight at the screen. This sets your reference position.',
    instructionsFor: (seconds: number) =>
      plural(seconds, {
        one: 'Sit as you will during the exam and look straight at the screen for # second.',
        other: 'Sit as you will during the exam and look straight at the screen for # seconds.',
      }) + ' This sets your reference position.',
    progress: 'Calibration progress',
    slow: 'Your face is not detected yet. You can begin now: calibration continues once it is.',
    skip: 'Continue to exam',
  },

  area: 'Exam questions',
  example: {
    title: 'Question 1 of 1',
    note: 'This is an example. Your institution places its own exam here. Your answer is not stored.',
    question: 'Explain in your own words why the sum of two odd numbers is even.',
  },
  questionsElsewhere: {
    title: 'Your exam is running',
    note: 'The questions are where your institution gives them: on paper, or in another window. Keep this page open and in front of you until you finish.',
  },
  finish: 'Finish exam',
  finishing: 'Finishing…',
  finishQuestion: 'Finish the exam now? You cannot return to it.',
  finishConfirm: 'Finish',
  finishCancel: 'Keep working',
  timeLeft: (duration: string) => `${duration} left`,
  timeLeftPaused: (duration: string) => `Paused: ${duration} left`,
  timeUp: 'Time is up',
  timeWarning: (minutes: number) => plural(minutes, { one: '# minute left.', other: '# minutes left.' }),
  you: 'You and your connection',
  score: 'Score',
  recent: 'In the last minutes',
  fullScreen: 'Full screen',
  events: 'Events',
  noEvents: 'No events yet.',
  messages: 'Messages from staff',
  fromStaff: (name: string | undefined, time: string) => `${name ?? 'Staff'}, ${time}:`,
  noted: 'OK',
  messageToStaff: 'Message to staff',
  raiseHand: 'Raise hand',
  lowerHand: 'Lower hand',
  handRaised: 'Your hand is raised. Staff see it and come to you when they can.',
  watched: 'Somebody of the staff is watching your camera live.',
  unwatched: 'Nobody is watching your camera live at the moment.',
  paused: 'A proctor has paused the exam.',
  pausedBecause: (reason: string) => `A proctor has paused the exam: ${reason}`,
  pausedEffect:
    'Your clock has stopped, and the pause is added to your time. Proctors can still see your camera, but nothing is analysed or counted until the exam resumes.',
  pausedNoLimit: 'Proctors can still see your camera, but nothing is analysed or counted until the exam resumes.',
  resumed: 'The exam has resumed.',
  resumedUntil: (pause: string, left: string, end: string) =>
    `The exam has resumed. The pause of ${pause} was added to your time: ${left} left, until ${end}.`,
  extended: (left: string, end: string) => `Your time was extended: ${left} left, until ${end}.`,
  extendedPaused: (left: string) => `Your time was extended: ${left} left when the exam resumes.`,
  pauseExpired:
    'The exam was paused and nobody resumed it within 24 hours. The time that you had left is kept: staff can readmit you.',

  connected: 'Connected',
  connecting: 'Connecting…',
  reconnecting: 'Connection lost, reconnecting…',
  loggedOut: 'Logged out',
  loggingIn: 'Logging in again…',
  elsewhere: 'Open in another window',
  ended: 'Ended',
  notConnected: 'Not connected',
  notYet: 'The server is not responding yet.',
  notYetAdvice:
    'The page keeps trying, and continues as soon as the network is back. You do not need to reload it. ' +
    'If it takes long, check your network, or use another one.',
  refusedBy: studentTexts.refused,
  lost: 'Connection to the server lost.',
  offline: 'This computer is offline.',
  lostAdvice: `Keep working. The page reconnects on its own, and ${studentTexts.interruption}`,
  waiting: (count: number) =>
    count === 0
      ? 'No events are waiting to be sent.'
      : plural(count, {
          one: '# event is waiting and will be sent once you are reconnected.',
          other: '# events are waiting and will be sent once you are reconnected.',
        }),

  loginExpired: studentTexts.loginExpired,
  logInAgain: 'Log in again',
  otherUser: (user: string, owner: string) => `You are logged in as ${user}, but this exam is taken by ${owner}.`,
  logInAs: (owner: string) => `Log in as ${owner}`,
  takenOver: studentTexts.takenOver,
  continueHere: studentTexts.continueHere,
  refused: (reason: string) => `The server refused the connection. ${reason} Please contact your proctor.`,
  closedWith: (code: number) => `It was closed with code ${code}.`,

  cameraMuted: studentTexts.cameraMuted,
  cameraStopped: studentTexts.cameraStopped,
  framesRefused: 'The server has stopped analysing your camera images. Your exam continues.',
  invalidImage: "The server cannot read your camera's images.",
  imagesPaused: 'Paused: images are not analysed.',
  slowUplink: 'Slow connection: picture quality is reduced. Keep working, this does not count against you.',
  analysisOff: 'Image analysis is currently off.',
  anotherPerson: 'Another person is in view. Only you should be in view.',
  tooDark: 'Your face is too dark. Turn on a light in front of you or face a window.',
  firstImage: 'Waiting for the first image to be analysed…',
  faces: (count: number) =>
    count === 0 ? 'No face detected.' : plural(count, { one: 'One face detected.', other: '# faces detected.' }),

  endReasons: {
    finished: 'Exam finished',
    ended: 'Exam ended',
    terminated: 'A proctor ended the exam',
    expired: 'Time is up',
  } satisfies Record<EndReason, string>,
  proctorReason: (reason: string) => `Reason given by the proctor: ${reason}`,
  endedByOthers: 'Your institution closed the exam, or its exam page ended it. What was recorded until then is kept.',
  recordingStopped: 'The camera is off and recording has stopped.',
  scoreOf: (score: string) => `Score ${score}`,
  scoreMeaning: 'The score is only an indicator: decisions are made by a person.',
  summary: 'Recorded events',
  eventCount: (count: number) => plural(count, { one: '# event.', other: '# events.' }),
  openRecord: 'View your exam record',
  openRecordNote: 'It lists every event and its review. You can open it from the exam list at any time.',
  backToExams: 'Back to exams',

  record: 'Your exam record',
  outcome: 'Score',
  period: (start: string, end: string) => `${start} – ${end}`,
  inProgress: (start: string) => `${start}, in progress`,
  scoreReviewed: (score: string) => `${score} after review`,
  verdicts: myVerdicts,
  timeline: 'All events',
  noneRecorded: 'No events recorded.',
  totals: 'Totals by event',
  event: 'Event',
  count: 'Count',
  totalTime: 'Total time',
  weight: 'Weight',
};
