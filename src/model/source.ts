/** Where in the user's files something was said. Lines and columns count from 1. */
export interface SourceRef {
  readonly file: string
  readonly line: number
  readonly column: number
}
