/** Nothing runs here: `npm run typecheck` fails when `public.d.ts` says of the code what is not so. */
import type * as code from './invigil.ts';
import type * as said from './public.d.ts';

type Extends<A extends B, B> = A;

type Same<A extends B, B extends C, C = A> = [A, B, C];

/** What a page may pass is taken, under the same names. */
export type Options = [
  Same<said.InvigilOptions, code.InvigilOptions>,
  Same<keyof said.InvigilOptions, keyof code.InvigilOptions>,
];

/** All events are named, and each brings what is said. */
export type Names = Same<keyof said.InvigilEvents, keyof code.InvigilEvents>;
export type Events = Extends<code.InvigilEvents, said.InvigilEvents>;

/** Members that are said are there. Those with listeners are compared by `Events`, `current` by this. */
type Plain<T> = Omit<T, 'on' | 'client'>;
export type Members = [
  Extends<Plain<code.Invigil>, Plain<said.Invigil>>,
  Extends<keyof said.Invigil, keyof code.Invigil>,
];
