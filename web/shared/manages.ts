import type { User } from '../../protocol/http/accounts.ts';

/** Whether a person manages exams and people: `MANAGERS` of the protocol, without its schemas. */
export const manages = ({ role }: Pick<User, 'role'>): boolean => role === 'admin' || role === 'manager';
