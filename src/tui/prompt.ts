import { type EditedLine, editedLine, editedText, editLine, NEW_LINE } from './line-editor.ts'

/** What is asked for in the last line of the screen. */
export type PromptKind = 'filter' | 'command' | 'shell' | 'jump' | 'apply' | 'save' | 'captureFilter'

export interface Prompt {
  readonly kind: PromptKind
  readonly line: EditedLine
  /** Position in the history, counted from its end; 0 is the line being typed. */
  readonly back: number
  /** The line that was typed before one went into the history. */
  readonly draft: string
  /** What was there before: Esc gives it back. */
  readonly initial: string
}

export function openPrompt(kind: PromptKind, initial = ''): Prompt {
  return { kind, line: initial === '' ? NEW_LINE : editedLine(initial), back: 0, draft: '', initial }
}

export function promptText({ line }: Prompt): string {
  return editedText(line)
}

/**
 * The prompt after a key that edits it: letters, readline's keys, up and down through the history, Tab to complete.
 * Undefined when the key means nothing to it.
 * @param candidates whole words that may stand where the last word of the text is
 */
export function editPrompt(
  prompt: Prompt,
  key: string,
  history: readonly string[],
  candidates: readonly string[],
): Prompt | undefined {
  if (key === 'up' || key === 'ctrl-p') return goBack(prompt, prompt.back + 1, history)
  if (key === 'down' || key === 'ctrl-n') return goBack(prompt, prompt.back - 1, history)
  if (key === 'tab') return { ...prompt, line: completed(prompt.line, candidates) }
  const line = editLine(prompt.line, key)
  return line === undefined ? undefined : { ...prompt, line, back: 0 }
}

function goBack(prompt: Prompt, back: number, history: readonly string[]): Prompt {
  if (back < 0 || back > history.length) return prompt
  const draft = prompt.back === 0 ? promptText(prompt) : prompt.draft
  return { ...prompt, back, draft, line: editedLine(back === 0 ? draft : history[history.length - back]!) }
}

/** The last word grows to what all candidates begin with; with one candidate a blank follows, unless it is a folder. */
function completed(line: EditedLine, candidates: readonly string[]): EditedLine {
  if (candidates.length === 0 || line.at < line.text.length) return line
  const text = editedText(line)
  const start = text.slice(0, text.length - lastWord(text).length)
  const grown = candidates.reduce(commonStart)
  const isWhole = candidates.length === 1 && !grown.endsWith('/')
  return editedLine(`${start}${grown}${isWhole ? ' ' : ''}`)
}

/** The word that the cursor is at the end of. */
export function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1)
}

function commonStart(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return a.slice(0, length)
}
