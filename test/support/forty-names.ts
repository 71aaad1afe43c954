const FIRST = 'Amara Benedikt Chiara Daniel Elif Farid Greta Hugo Ines Jonah'.split(' ');
const LAST = ['Okafor', 'von Hohenstein-Lichtenberg', 'Carvalho da Silva', 'Ng'];

/** Names of 8 to 36 letters. */
export const FORTY_NAMES = LAST.flatMap((last) => FIRST.map((first) => `${first} ${last}`));
