import { useEffect, useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';

export interface Selection {
  readonly people: readonly User[];
  has(person: User): boolean;
  toggle(person: User): void;
  /** Adds people, or takes them out. */
  set(people: readonly User[], isSelected: boolean): void;
  clear(): void;
}

/** Anonymised accounts have nothing left to change. */
export const isSelectable = ({ anonymisedAt }: User): boolean => anonymisedAt === null;

/** People chosen in a list; empty again when `inputs` change. */
export function useSelection(inputs: readonly unknown[]): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, User>>(new Map());
  useEffect(() => setChosen(new Map()), inputs);
  const set = (people: readonly User[], isSelected: boolean) =>
    setChosen((before) => {
      const after = new Map(before);
      for (const person of people.filter(isSelectable)) {
        if (isSelected) after.set(person.id, person);
        else after.delete(person.id);
      }
      return after;
    });
  return {
    people: [...chosen.values()],
    has: ({ id }) => chosen.has(id),
    toggle: (person) => set([person], !chosen.has(person.id)),
    set,
    clear: () => setChosen(new Map()),
  };
}
