/** Pages of the guides: names by folder, in the order of the navigation. */
export const guides = {
  title: (guide: string) => `Guide for ${guide} · Invigil`,
  names: {
    students: 'Students',
    proctors: 'Proctors',
    reviewers: 'Reviewers',
    administrators: 'Administrators',
  },
};
