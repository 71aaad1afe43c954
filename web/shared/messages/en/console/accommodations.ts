/** Accommodations of a student, as staff see them. */
export const accommodations = {
  title: 'Accommodations',
  prefix: 'Accommodations: ',
  profile: (name: string, version: number) => `${name}, version ${version}`,
  extra: (duration: string) => `Extra time: ${duration}, included in the time left.`,
  extraShort: (duration: string) => `+${duration}`,
  breaks: (duration: string) => `Breaks: ${duration} in total. The server does not count them.`,
  breaksShort: (duration: string) => `breaks ${duration}`,
  headCovering: 'Head covering: not an incident.',
  headCoveringShort: 'head covering',
  gaze: 'Gaze is not analysed.',
  gazeShort: 'no gaze',
  holds: (list: string) => `Reported after a longer time: ${list}.`,
  weights: (list: string) => `Other weights: ${list}.`,
  detectionShort: 'other limits',
  note: (text: string) => `Note: ${text}`,
  noteShort: 'note',
};
