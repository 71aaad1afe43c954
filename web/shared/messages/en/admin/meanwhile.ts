/** A form whose values somebody else has changed while it was open. */
export const meanwhile = {
  title: 'Somebody else has changed this meanwhile. Nothing was saved. Stored now:',
  now: 'Changed by somebody else',
  fact: (label: string, value: string) => `${label}: ${value}`,
  none: 'none',
  hint: 'Fields that you have not changed show these values; yours stay as you typed them. Save again to keep both.',
};
