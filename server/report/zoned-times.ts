/** Times of one zone, to the second, each with the short name of the zone. */
export function zonedTimes(timeZone: string): { readonly moment: (at: Date) => string; readonly zone: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  });
  return { moment: (at) => format.format(at), zone: timeZone };
}
