import type { CheckInDecisionName, CheckInPictureKind } from '../../../../protocol/check-in-bounds.ts';
import { plural } from '../numbers.ts';

const THINGS: Record<CheckInPictureKind, string> = {
  photo: 'Photo of you',
  document: 'Photo of your identity document',
  room: 'Look at your room',
};

/** Check-in on the page of the student. */
export const checkIn = {
  title: 'Check-in',
  checkIn: 'Check in',
  checkInFor: (title: string) => `Check in: ${title}`,
  continue: 'Continue check-in',
  continueFor: (title: string) => `Continue check-in: ${title}`,
  /** In the list of exams. */
  wanted: 'Before you can start, you check in: staff look at what you show and let you in.',
  opens: (time: string) => `Check-in opens ${time}.`,
  opensLater: 'Check-in opens when the exam opens.',
  states: {
    collecting: 'Check-in begun',
    waiting: 'In the waiting room',
    held: 'Staff ask for something',
    admitted: 'Checked in: you are admitted',
    refused: 'Check-in refused',
    withdrawn: 'Check-in withdrawn',
  },

  /** Of the consent. */
  terms: {
    title: 'Check-in before the exam.',
    shows: (kinds: readonly CheckInPictureKind[]) =>
      `You show: ${kinds.map((kind) => THINGS[kind].charAt(0).toLowerCase() + THINGS[kind].slice(1)).join('; ')}.`,
    who: 'Proctors, exam managers and administrators of the exam look at it and let you in; reviewers can see it. Nobody is recognised by software. Each view is logged.',
    erased: (days: number) =>
      plural(days, {
        one: 'Photos of you and of the document are erased # day after the decision.',
        other: 'Photos of you and of the document are erased # days after the decision.',
      }),
    room: 'Images of the room are kept as long as other images of your exam session, or, if there are none, as long as the photos.',
    continue: 'Continue to check-in',
  },

  things: THINGS,
  place: (room: string) => `Room: ${room}`,
  stepsTitle: 'What to show',
  stepStates: { wanted: 'missing', again: 'take again', there: 'taken', unable: 'left out' },
  do: 'Do it now',
  doOf: (thing: string) => `Do it now: ${thing}`,
  retake: 'Take again',
  retakeOf: (thing: string) => `Take again: ${thing}`,
  steps: {
    photo: {
      title: 'Photo of you',
      how: 'Look straight into the camera, with your face inside the oval and light in front of you. Take off a cap or sunglasses; a head covering that you wear for your religion or your health stays on.',
      take: 'Take photo',
      taken: 'The photo that you have just taken',
      look: 'Is your whole face sharp and well lit?',
      use: 'Use this photo',
    },
    document: {
      title: 'Photo of your identity document',
      how: 'Hold the side with your picture inside the frame, so close that the text can be read, and tilt it until nothing reflects. You may cover what nobody needs here, such as the number of the document; name and picture have to be seen.',
      take: 'Take photo of document',
      taken: 'The photo of the document that you have just taken',
      look: 'Can your name and picture be seen and read?',
      use: 'Use this photo',
    },
    room: {
      title: 'Look at your room',
      how: (seconds: number) =>
        plural(seconds, {
          one: 'Begin, and move the camera slowly around for # second. The page says what to show. Some images are kept, no video and no sound. Others should not be in view.',
          other:
            'Begin, and move the camera slowly around for # seconds. The page says what to show. Some images are kept, no video and no sound. Others should not be in view.',
        }),
    },
  },
  room: {
    start: 'Begin the look',
    startAgain: 'Begin again',
    stop: 'Stop',
    parts: [
      'Now show your desk and what is on it.',
      'Now the wall in front of you and to the sides.',
      'Now the room behind you, with the door.',
      'Now the floor below the desk, and back to you.',
    ],
    progress: 'Look at the room',
    left: (seconds: number) => plural(seconds, { one: '# second left', other: '# seconds left' }),
    over: 'Thank you, that is all. The images are being stored: keep this page open.',
    sent: (sent: string, of: string) => `${sent} of ${of} images stored`,
    broken: 'The look was interrupted: the page was hidden, or the camera gave no images. Begin again.',
    images: (count: number) => plural(count, { one: '# image of your room', other: '# images of your room' }),
  },
  again: 'Take another one',
  sending: 'Storing…',
  sendAgain: 'Try again',
  unusable: 'This image cannot be used. Take or choose another one.',
  file: 'Or choose an image file of the document',
  fileHint: 'If your camera does not show the text sharply: a photo taken with your phone, for example.',
  unable: 'I cannot do this: go on without it',

  ready: 'Ready to send?',
  readyNote: 'Staff look at this once you send it. Until then you can take everything again.',
  readyWithout: (things: string) =>
    `Left out: ${things}. Staff read that it is missing. They may ask you for it, or decide without it.`,
  submit: 'Send to staff and wait',
  submitWithout: 'Send without it and wait',
  sent: 'Sent',
  picture: (thing: string, time: string) => `${thing}, ${time}`,

  waiting: 'You are in the waiting room',
  since: (time: string, duration: string) => `Since ${time} (${duration}).`,
  position: (place: number) => (place >= 100 ? 'More than 99 students wait before you.' : `Your place: ${place}.`),
  waitingNote:
    'Staff look at what you sent and let you in. This page tells you when they have decided; you do not need to reload it. The exam time has not started.',
  beginBy: (time: string) => `Begin the exam by ${time}.`,
  nothingMissing: 'Nothing is missing.',
  missing: (things: string) => `Missing: ${things}.`,
  change: 'Change what I sent',
  changeNote: 'To change it, you leave the waiting room; when you send again, you are at its end.',
  withdraw: 'Withdraw check-in',
  withdrawNote: 'What you sent is erased at once. You need a new check-in to start the exam.',
  withdrawConfirm: 'Withdraw and erase',
  withdrawCancel: 'Keep it',
  withdrawn: 'Your check-in is withdrawn, and what you sent is erased.',
  begin: 'Begin a check-in',
  stale: 'The server is not answering. This page keeps trying; what you sent is kept.',

  held: 'Staff ask for something',
  heldNote: 'Do what they ask, then send it again. Your other images are kept.',
  refused: 'Staff have refused your check-in',
  refusedNote:
    'You cannot start this exam now. If you think that this is wrong, ask your proctor or your exam office at once: they can open your check-in again. This page then says so.',
  admitted: 'You are admitted',
  admittedNote: 'You may begin. The exam time starts when you choose Begin exam.',
  admittedWait: (time: string) => `The exam opens ${time}. You can begin then, on this page.`,
  admittedClosed: (reason: string) => `You cannot begin now. ${reason}`,
  reason: (name: string | undefined, time: string) => `${name ?? 'Staff'}, ${time}:`,
  askedAgain: (things: string) => `Take again: ${things}.`,
  running: 'Your exam is in progress',
  runningNote: 'It was begun in another window. You can continue it here.',
  notNeeded: 'This exam asks for no check-in now.',
  toCamera: 'Continue to camera',
  tab: {
    collecting: 'Check-in',
    waiting: 'Waiting room',
    held: 'Staff ask for something',
    admitted: 'You are admitted',
    refused: 'Check-in refused',
    withdrawn: 'Check-in',
  },

  /** In the record of the student. */
  decisions: {
    admit: 'Admitted',
    hold: 'Held',
    refuse: 'Refused',
    reopen: 'Opened again',
  } satisfies Record<CheckInDecisionName, string>,
  decided: (decision: string, name: string | undefined, time: string) =>
    name === undefined ? `${decision}, ${time}` : `${decision} by ${name}, ${time}`,
  erased: (time: string) => `Photos erased on ${time}.`,
  notErased: (days: number) =>
    plural(days, {
      one: 'Photos are erased # day after the decision.',
      other: 'Photos are erased # days after the decision.',
    }),
};
