/** Messages of a student and the staff, on the pages of both. */
export const conversation = {
  title: 'Messages',
  none: 'No messages yet.',
  you: 'You',
  staff: 'Staff',
  student: 'Student',
  handRaised: { mine: 'You raised your hand.', theirs: 'The student raised a hand.' },
  handLowered: { mine: 'You lowered your hand.', theirs: 'The student lowered the hand.' },
  handLoweredBy: (name: string) => `${name} lowered the hand.`,
  waiting: 'Waiting for the connection',
  sent: 'Sent',
  delivered: 'Delivered',
  read: (time: string) => `Read ${time}`,
  readBy: (time: string, name: string) => `Read ${time} by ${name}`,
  notTaken: 'Not sent: there were too many messages. Wait a little and send it again.',
  quoted: (text: string) => `“${text}”`,
  send: 'Send',
  /** Bytes, of which a letter may need several. */
  tooLong: 'The message is too long.',
  tooMany: 'Wait until the messages above are sent.',
};
