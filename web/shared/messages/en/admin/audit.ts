import { plural } from '../../numbers.ts';

/** Audit log of the installation. */
export const audit = {
  title: 'Audit log',
  about: 'Who did what, when. Entries are chained and signed: nobody can change or remove one unnoticed.',

  checkpoint: {
    title: 'Checkpoint',
    about:
      'A signed summary of the whole log. Keep a copy where this server cannot write: with it, anybody can prove later that the log was not changed, not even by the owner of the server.',
    none: 'None has been signed yet. The first one follows within seconds of the first entry.',
    newest: (entries: number, time: string) =>
      plural(entries, { one: 'The newest covers # entry', other: 'The newest covers # entries' }) + `, signed ${time}.`,
    key: 'Key that signs it',
    save: 'Save checkpoint',
  },
};
