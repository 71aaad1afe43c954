import type { SocketRefusal } from '../../../../sdk/refusal.ts';
import type { ExamStatus, OpenTo } from '../../../../../protocol/http/exams.ts';
import { plural } from '../../numbers.ts';

const running = (count: number) => plural(count, { one: '# running', other: '# running' });
const connected = (count: number) => plural(count, { one: '# connected', other: '# connected' });

/** Exam list and wall: all sessions at a glance. */
export const wall = {
  exams: 'Exams',
  allSessions: 'All sessions',
  exam: 'Exam',
  noExams: 'No exams yet.',
  newExam: 'New exam',
  noActiveSessions: 'No active sessions',
  running: (runningCount: number, connectedCount: number) => `${running(runningCount)}, ${connected(connectedCount)}`,
  toWatch: (count: number) => plural(count, { one: '# to watch', other: '# to watch' }),
  highAttention: (count: number) => plural(count, { one: '# high', other: '# high' }),
  status: {
    draft: 'draft',
    scheduled: 'scheduled',
    active: 'open',
    completed: 'completed',
    archived: 'archived',
  } satisfies Record<ExamStatus, string>,
  audience: { all: 'everyone with an account', enrolled: 'enrolled students only' } satisfies Record<OpenTo, string>,
  from: (time: string) => `from ${time}`,
  until: (time: string) => `until ${time}`,

  live: 'Live',
  connecting: 'Connecting…',
  reconnecting: 'Connection lost, reconnecting…',
  loginExpired: 'Login expired',
  disconnected: 'Disconnected',
  refused: 'Connection refused by the server',
  /** A setting of the server refuses the page's live connection. */
  refusedBy: ({ setting, origin, code }: SocketRefusal) =>
    setting === 'proxy'
      ? `The proxy in front of the server does not pass WebSocket upgrades, so nothing here is live (${code}). It has to pass the headers Upgrade and Connection.`
      : `The server refuses this page's live connection (${code}), so nothing here is live. Its setting ${setting} has to contain ${origin ?? 'the address of this page'}${setting === 'PUBLIC_URL' ? ', or its proxy has to pass Host on as the browser sent it' : ''}.`,
  reconnect: 'Reconnect',

  search: 'Search',
  searchPlaceholder: 'Name',
  attention: 'Attention',
  attentionAt: (level: string, value: string) => `${level} ${value}`,
  riskLevel: 'Risk level',
  levels: { Low: 'Low', Medium: 'Medium', High: 'High' },
  incident: 'Incident',
  anyIncident: 'Any open incident',
  connection: 'Connection',
  presences: { connected: 'Connected', away: 'Not connected', paused: 'Paused', ended: 'Ended' },
  room: 'Room',
  roomPrefix: 'Room: ',
  all: 'All',
  clearFilters: 'Clear filters',
  matching: (matching: number, total: number) =>
    `${matching} of ${total} sessions match. Sessions that no longer match stay until you change the filter.`,
  noneMatching: 'No sessions match the filter.',
  noSessions: 'No sessions yet. They appear here as students begin the exam.',
  stale: 'Disconnected. The information below may be out of date.',
  removeEnded: (count: number) => plural(count, { one: 'Remove # ended session', other: 'Remove # ended sessions' }),
  sessions: 'Sessions',
  pages: 'Pages of sessions',
  page: (page: number) => `Page ${page}`,
  previous: 'Previous',
  next: 'Next',

  filters: (count: number) => (count === 0 ? 'Filters' : `Filters (${count})`),
  tileSize: 'Tile size',
  tileSizes: { S: 'Small tiles', M: 'Medium tiles', L: 'Large tiles' },
  hideNames: 'Hide names',
  images: 'Camera images',
  imageModes: { shown: 'Visible', blurred: 'Blurred', grey: 'Greyscale', off: 'Hidden' },
  sound: 'Sound on new high attention',
  badge: 'Count in tab title',
  tabTitle: (count: number, page: string) => `(${count}) ${page}`,
  announceHighRisk: (names: string) => `High risk: ${names}`,

  needsAttention: 'Needs attention',
  nothingNeedsAttention:
    'No sessions right now. Sessions with an open incident, or whose attention is Watch or High, appear here, most urgent first.',
  mostUrgent: (count: number) => `Showing the ${count} most urgent.`,
  markSeen: 'Mark seen',
  markSessionSeen: (name: string) => `Mark seen: ${name}`,
  score: (score: string) => `Score ${score}`,

  position: (position: number) => `Position ${position}`,
  tileNumber: (position: number) => `Tile ${position}`,
  positionMeans: 'Place on this wall. It is no seat in a room.',
  emptyPosition: 'Empty',
  remove: 'Remove',
  ended: 'Ended',
  endedAt: (time: string) => `Ended at ${time}`,
  paused: 'Paused',
  connected: 'Connected',
  notConnected: 'Not connected',
  pausedFor: (time: string) => `Paused for ${time}`,
  pausedNotConnected: (paused: string) => `${paused} · not connected`,
  noImageYet: 'no image yet',
  imageLive: 'live image',
  imageAge: (age: string) => `last image ${age} ago`,
  noImage: 'No image',
  waitingForImage: 'Waiting for an image',
  loadingImage: 'Loading the image',
  noImageNow: 'No image at present',
  imageFrom: (time: string) => `from ${time}`,
  noTimeLimit: 'No time limit',
  timeUp: 'Time is up',
  timeLeft: (duration: string) => `${duration} left`,
  timeLeftPaused: (duration: string) => `${duration} left, clock stopped`,
};
