import type { SocketRefusal } from '../refusal.ts';
import type { CameraFault } from './camera-reason.ts';

/**
 * Sentences for students that both the SDK's bar and the exam page show. The package has no catalogue: the exam page's
 * (`web/shared/messages/en/exam.ts`) takes them from here.
 */
export const studentTexts = {
  takenOver: 'This exam was opened in another window or on another device.',
  continueHere: 'Continue here',
  loginExpired: 'Your login has expired. Log in again to continue. Nothing is lost.',
  /** Names the setting, for the people to whom the student passes it on. */
  refused: ({ setting, origin }: SocketRefusal) =>
    setting === 'proxy'
      ? 'Live connections do not reach the exam server: its proxy has to pass WebSocket upgrades. Please tell your proctor.'
      : `The exam server refuses live connections from this address: its setting ${setting} has to contain ${origin ?? 'the address of the server'}. Please tell your proctor.`,
  interruption: 'the interruption does not count against you.',
  cameraMuted: 'The camera sends no image. Check whether it is covered or turned off by a key or a slider.',
  cameraStopped: 'The camera has stopped. It is being restarted.',
  /** Of the bar only: the exam page has steps for each browser and system. */
  cameraRefused: {
    denied: 'The camera is blocked for this site. Allow it in your browser.',
    system: 'The operating system blocks the camera. Allow it in the privacy settings of this device.',
    policy: 'The surrounding page blocks the camera. Open the exam in its own tab, or contact your proctor.',
    insecure: 'The camera needs a secure connection: the address must start with https://. Contact your proctor.',
    missing: 'No camera found. Connect one or turn it on.',
    in_use: 'The camera is in use by another application. Close it.',
    other: 'The camera could not be opened. Restart your browser if trying again does not help.',
  } satisfies Record<CameraFault, string>,
  /** Requests to the student. None of them blames anybody. */
  turn: {
    left: 'Please turn your head to the left',
    right: 'Please turn your head to the right',
    up: 'Please raise your head',
  },
  turnHow:
    'Look at the screen first, then turn until this note thanks you. You can leave your hands where they are; you need no keyboard.',
  room: 'Please show your room',
  roomHow: (seconds: number, days: number | null) =>
    `A proctor asks for it. After you begin, move the camera slowly around the room for about ${seconds} seconds: desk, walls, door. ` +
    (days === null ? 'The images are not stored. ' : `Some images are stored, encrypted, for ${days} days. `) +
    'You may also decline.',
  roomNow: 'Move the camera slowly around the room: desk, walls, door.',
  begin: 'Begin',
  decline: 'Decline',
  declineWhy: 'Reason, if you like. The proctor reads it:',
  send: 'Send',
  back: 'Back',
  thanks: {
    passed: 'Thank you. Please continue with your exam.',
    over: 'Thank you. There is nothing else to do; please continue with your exam.',
    done: 'Thank you. Put the camera back and look straight at the screen for ten seconds.',
  },
} as const;
