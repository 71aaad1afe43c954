/**
 * Sentences for students that both the SDK's bar and the exam page show. The package has no catalogue: the exam page's
 * (`web/shared/messages/en/exam.ts`) takes them from here.
 */
export const studentTexts = {
  takenOver: 'This exam was opened in another window or on another device.',
  continueHere: 'Continue here',
  loginExpired: 'Your login has expired. Log in again to continue. Nothing is lost.',
  interruption: 'the interruption does not count against you.',
  cameraMuted: 'The camera sends no image. Check whether it is covered or turned off by a key or a slider.',
  cameraStopped: 'The camera has stopped. It is being restarted.',
} as const;
