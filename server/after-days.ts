const DAY_MS = 24 * 3_600_000;

export const afterDays = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);
