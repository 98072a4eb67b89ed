/** A file or an argument is wrong: nothing was done. The message says what and where. */
export class LabError extends Error {
  override readonly name = 'LabError'
}
