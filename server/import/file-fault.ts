/** A file that cannot be read as a table at all, or not from some row on; the message is for people. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}
