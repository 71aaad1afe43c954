/** Policy profiles and accommodation profiles. */
export const profiles = {
  title: 'Profiles',
};
