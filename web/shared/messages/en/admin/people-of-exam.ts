import type { AttendanceState } from '../../../../../protocol/http/attendance.ts';
import type { Role } from '../../../../../protocol/http/accounts.ts';

/** Enrolled students of an exam. */
export const students = {
  enrol: 'Enrol students',
  openToAll: 'This exam is open to everyone with an account. Enrolments set rooms and extra time.',
  room: 'Room',
  roomHint: 'For the students whom you enrol next. Optional',
  search: 'Find a student',
  searchEnrolled: 'Search the enrolled by name, number or room',
  enrolOne: 'Enrol',
  enrolled: (name: string) => `${name} is enrolled.`,
  saved: (name: string) => `The enrolment of ${name} is saved.`,
  removed: (name: string) => `${name} is removed from the exam.`,
  already: (name: string) => `${name} is enrolled already.`,
  title: (count: string) => `Enrolled: ${count}`,
  count: { one: '# student', other: '# students' },
  none: 'Nobody is enrolled yet.',
  name: 'Name',
  seat: 'Seat',
  accommodations: 'Accommodation profile',
  accommodationsHint: 'Its extra time is added to the extra minutes. Proctors see it',
  noProfile: 'None',
  archivedProfile: 'An archived profile: it is kept, but no longer offered',
  extra: 'Extra minutes',
  extraHint: 'Added to the time limit and to the end. A running session keeps its time',
  edit: 'Edit',
  editOne: (name: string) => `Edit the enrolment of ${name}`,
  remove: 'Remove from the exam',
  removeHint: 'A student who is removed cannot start. A running session continues, and records stay.',
};

/** Assigned proctors and reviewers of an exam. */
export const staff = {
  seenByAll: 'Every proctor and reviewer of the organisation sees this exam, also without an assignment.',
  assign: 'Assign proctors and reviewers',
  to: 'Assign to',
  toHint: 'Rooms are those of enrolled students',
  wholeExam: 'Whole exam',
  roomName: (room: string) => `Room ${room}`,
  search: 'Find a proctor or reviewer',
  assignOne: 'Assign',
  assigned: (name: string, where: string) => `${name} is assigned: ${where}.`,
  title: 'Assigned',
  none: 'Nobody is assigned yet.',
  roles: {
    student: 'Student',
    proctor: 'Proctor',
    reviewer: 'Reviewer',
    manager: 'Exam manager',
    admin: 'Administrator',
  } satisfies Record<Role, string>,
  remove: 'Remove',
  removeOne: (name: string, where: string) => `Remove ${name}: ${where}`,
  removed: (name: string, where: string) => `${name} is no longer assigned: ${where}.`,
};

/** Attendance of an exam. */
export const attendance = {
  byRoom: 'Attendance by room',
  counts: {
    expected: 'Expected',
    checkedIn: 'No image yet',
    running: 'Running',
    finished: 'Finished',
    missing: 'Missing',
    unexpected: 'Not enrolled',
  },
  noRoom: 'No room',
  total: 'Total',
  state: 'State',
  states: {
    missing: 'Missing',
    checkedIn: 'No image yet',
    running: 'Running',
    finished: 'Finished',
    anonymised: 'Anonymised',
  } satisfies Record<AttendanceState | 'checkedIn' | 'anonymised', string>,
  checkedInMeans: 'No image yet: has started, and no image of the camera has arrived. Not counted as running.',
  none: 'No students.',
  order: 'Sorted by room, seat and family name. The last word of a name counts as the family name.',
  list: 'Students',
  started: 'Started',
  ended: 'Ended',
  signature: 'Signature',
  attempt: (number: string) => `attempt ${number}`,
  notEnrolled: 'not enrolled',
};
