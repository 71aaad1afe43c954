import type { AttackPlan } from '../plan.ts';
import type { Traffic } from '../traffic.ts';
import { loginStorm, registeringStorm, spraying } from './accounts.ts';
import { boundariesOfAStranger, boundariesOfAStudent, emptyParts, manyKeys } from './bodies.ts';
import { longLists, verifying } from './reads.ts';
import { heavyPictures, signalsByHttp } from './sessions.ts';
import { badUpgrades, signalsBySocket, takeovers, ticketsToSockets, unreadAndSlow } from './sockets.ts';

export type Attack = (plan: AttackPlan, traffic: Traffic) => Promise<void>;

/** By name, in order of execution. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'boundary lines, a stranger': boundariesOfAStranger,
  'boundary lines, a student': boundariesOfAStudent,
  'empty parts': emptyParts,
  'JSON of 75,000 keys': manyKeys,
  'login storm': loginStorm,
  'password spraying': spraying,
  'registering storm': registeringStorm,
  'signal flood by socket': signalsBySocket,
  'signal flood by HTTP': signalsByHttp,
  takeovers: takeovers,
  'tickets to sockets': ticketsToSockets,
  'heavy pictures': heavyPictures,
  'verifying a long log': verifying,
  'long lists': longLists,
  'unread and slow': unreadAndSlow,
  'bad upgrades': badUpgrades,
};
