/** Policy of an exam. */
export const policy = {
  versionsMean:
    'Each change of the settings of this exam makes its next version. Sessions keep the version that they began with. The version of a profile counts the changes of the profile.',
  label: 'Policy profile',
  hint: 'States what counts as an incident and how long records are kept. Running sessions keep theirs',
  newer: 'A newer version can be chosen below the present one. Running sessions keep theirs',
  defaults: 'Defaults',
  own: 'As it is: no profile',
  named: (name: string, version: string) => `${name}, version ${version}`,
  archived: (name: string) => `${name} (archived)`,
  inForce: (name: string, version: string) => `From the profile ${name}, version ${version}`,
  noProfile: 'Not taken from a profile.',
  isNewer: (version: string) =>
    `The profile has a newer version: ${version}. This exam keeps its own until you take it over.`,
  take: (version: string) => `Take over version ${version}`,
};
