import { number } from '../numbers.ts';

/** The system check, before an exam and without an account. */
export const systemCheck = {
  page: 'System check',
  title: 'System check',
  intro:
    'Check that this computer is ready for an exam. You do not need an account. ' +
    'The server analyses camera images and stores none of them.',
  camera: 'Camera',
  connection: 'Connection',
  browser: 'Browser',
  testAgain: 'Test again',
  toExams: 'Go to exams',

  states: { good: '✓ OK', note: '! Note', bad: '✗ Problem', open: '… Pending' },
  yes: 'Yes',
  securePage: 'Secure connection',
  notSecure: 'No: the address must start with https://',
  webSocket: 'WebSocket',
  noWebSocket: 'No: update your browser or use another one',
  cameraAccess: 'Camera access',
  noCameraAccess: 'No: this browser does not give this page a camera',
  worker: 'Background worker',
  noWorker: 'No: image capture may slow down this page',
  storage: 'Storage',
  noStorage: 'No: unsent events are lost when the page is reloaded',
  fullScreen: 'Full screen',
  noFullScreen: 'No: only a problem if your exam requires it',
  testing: 'Testing…',
  serverSilent: 'The server is not responding',
  roundTripGood: (ms: number) => `Good: ${number(ms)} ms round trip`,
  roundTripSlow: (ms: number) => `Slow: ${number(ms)} ms round trip`,
  server: 'Server',
  serverReady: 'Ready for exams',
  serverNotReady: 'Currently not ready',
  analysis: 'Image analysis',
  analysisOn: 'On',
  analysisOff: 'Currently off: exams run without it',
  cameraNotTested: 'Not tested yet',
  cameraOn: 'On',
  image: 'Image',
  faceVisible: 'Your face is clearly visible',

  result: 'Result',
  ready: 'Everything works. You are ready for your exam.',
  readyWithNotes: 'You can take an exam. Check the items marked as notes for improvements.',
  notReady: 'You cannot take an exam yet. Fix the items marked as problems.',
  incomplete: 'The check is not complete yet.',
  summary: 'Summary',
  summaryUse: 'Send this to technical support. It contains no personal data and has not been sent anywhere.',
  summaryTitle: (server: string, time: string) => `Invigil system check of ${server}, ${time}`,
  summaryMarks: { good: 'OK', note: 'NOTE', bad: 'PROBLEM', open: 'PENDING' },
  summaryBrowser: (userAgent: string) => `Browser: ${userAgent}`,
  copied: 'Copied.',
  selected: 'Selected: press Ctrl+C to copy.',
};

export type SystemCheckMessages = typeof systemCheck;
