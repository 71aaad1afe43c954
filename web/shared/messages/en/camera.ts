import type { CheckHint } from '../../../../protocol/http/system-check.ts';
import { number } from '../numbers.ts';

/** Camera setup before an exam and in the system check, with help for each problem. */
export const camera = {
  title: 'Your camera',
  askFirst: 'Your browser will ask to use the camera. Choose Allow.',
  turnOn: 'Turn on camera',
  waiting: 'Waiting for the camera…',
  advice: 'Face the light, keep the camera at eye level, and make sure that nobody else is in view.',

  whichCamera: 'Camera',
  chooseCamera: 'Choose a camera',
  cameraNumber: (position: number) => `Camera ${number(position)}`,
  notChanged: 'This camera could not be opened. Close other programs that use it, or choose another one.',

  firstImage: 'Waiting for the server to check a first image…',
  faceVisible: 'Your face is clearly visible.',
  serverBusy: 'The server is busy. Your image will be checked again in a moment.',
  analysisOff: 'Image analysis is currently off.',
  serverSilent: 'The server is not responding. Retrying…',
  hints: {
    too_dark: 'It is too dark. Turn on a light in front of you or face a window, without a bright light behind you.',
    no_face: 'No face detected. Move so that your whole face is in view.',
    off_centre: 'Your face is at the edge of the image. Move to the centre or adjust the camera.',
    too_small: 'Your face is too small in the image. Move closer to the camera.',
    several_faces: 'More than one face detected. Only you should be in view.',
  } satisfies Record<CheckHint, string>,
  /** Why the exam can begin without a detected face. */
  continueAnyway: {
    off: 'You can continue: image analysis is currently off. Make sure that your whole face is in view.',
    busy: 'You can continue: the server is too busy for a check. Make sure that your whole face is in view.',
    unanswered: 'You can continue, although the check failed. Make sure that your whole face is in view.',
    unseen:
      'Is your face in view but not detected? You can continue: detection can be wrong, ' +
      'and a person decides about every event.',
  },

  problems: {
    insecure: 'The camera needs a secure connection',
    unsupported: 'This browser does not support cameras',
    policy: 'The surrounding page blocks the camera',
    dismissed: 'The browser has no permission to use the camera',
    blocked: 'The camera is blocked for this site',
    system: 'The operating system blocks the camera',
    missing: 'No camera found',
    in_use: 'The camera is in use by another application',
    failed: 'The camera could not be opened',
  },
  steps: {
    insecure: [
      'Check that the address starts with https://. If it does not, add https:// in front of it.',
      'If the page does not open then, contact your exam administrator.',
    ],
    unsupported: [
      'Update your browser, or use a current version of Chrome, Edge, Firefox or Safari.',
      'If you opened this page inside another app, open its address in the browser itself.',
    ],
    policy: [
      'Open the exam in its own tab.',
      'Tell your teacher that the embedding site must allow the camera (allow="camera", Permissions-Policy).',
    ],
    dismissed: ['Select “Try again”.', 'When the browser asks, choose Allow.'],
    system: ['Check whether the camera has its own switch or key.', 'Select “Try again”.'],
    missing: [
      'Connect a camera or turn it on: some have a switch, a key or a slider.',
      'If it is connected, unplug it and use another port.',
      'Select “Try again”.',
    ],
    in_use: [
      'Close other programs and tabs that use the camera: video calls, camera apps, other exams.',
      'Select “Try again”.',
      'If that does not help, reconnect the camera or restart the computer.',
    ],
    failed: ['Select “Try again”.', 'If that does not help, restart the browser or use another one.'],
  },
  /** Allows the camera for this site, by browser. */
  allowInBrowser: {
    chromium: ['Click the icon to the left of the address.', 'Set Camera to Allow.'],
    firefox: [
      'Click the camera or padlock icon to the left of the address.',
      'Remove the block next to “Use the camera”.',
    ],
    safari: [
      'Open Safari > Settings > Websites > Camera. ' +
        'On an iPhone or iPad, tap “aA” in the address bar and open Website Settings.',
      'Set this site to Allow.',
    ],
    other: ["Open the browser's settings for this site.", 'Allow the camera.'],
  },
  tryAgainStep: 'Select “Try again”.',
  managedStep: 'On a managed computer, only its administrator may be able to change this.',
  ownTabStep: 'If that does not help, open the exam in its own tab: the surrounding page may block the camera.',
  /** Allows the camera for the browser, by operating system. */
  allowInSystem: {
    windows:
      'Open Settings > Privacy & security > Camera. ' +
      'Turn on “Camera access” and “Let desktop apps access your camera”.',
    macos:
      'Open System Settings > Privacy & Security > Camera and turn on your browser. ' +
      'Quit the browser and open it again.',
    chromeos: 'Open Settings > Security and Privacy > Privacy controls and turn on the camera.',
    android: 'Open Settings > Apps > your browser > Permissions and allow the camera.',
    ios: 'Open Settings > your browser and turn on the camera.',
    linux:
      'Check that your user may open the camera and, if the browser runs in a sandbox (Flatpak, Snap), ' +
      'that the browser may.',
    other: "Open the system's privacy settings and allow the browser to use the camera.",
  },
};
