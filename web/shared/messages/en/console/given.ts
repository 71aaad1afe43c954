import type { GivenWork } from '../../../../../protocol/http/review-work.ts';

/** Work that waits for the person, in the navigation. */
export const given = {
  links: {
    reviews: (count: number) => `Reviews for me (${count})`,
    appeals: (count: number) => `Appeals given to me (${count})`,
    appealsToGive: (count: number) => `Appeals to give (${count})`,
  } satisfies Record<keyof GivenWork, (count: number) => string>,
};
