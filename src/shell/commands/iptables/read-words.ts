/** What a command line of iptables asks for. */
export interface IptablesWords {
  readonly table: string
  /** Letter of the command: `A` of `-A`; undefined when there is none that is known. */
  readonly command: string | undefined
  readonly chain: string | undefined
  /** Rule number of -I and -D, from 1. */
  readonly number: number | undefined
  readonly isNumeric: boolean
  readonly isVerbose: boolean
  readonly hasLineNumbers: boolean
  /** The rule's words. */
  readonly rest: readonly string[]
}

type Draft = { -readonly [Key in keyof IptablesWords]: IptablesWords[Key] } & { rest: string[] }

const LONG: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--insert': '-I',
  '--delete': '-D',
  '--check': '-C',
  '--list': '-L',
  '--list-rules': '-S',
  '--flush': '-F',
  '--zero': '-Z',
  '--delete-chain': '-X',
  '--policy': '-P',
  '--table': '-t',
  '--numeric': '-n',
  '--verbose': '-v',
  '--wait': '-w',
}

/** Sorts the words of a command line: what concerns the whole command is taken out, the rule's own words remain in order. */
export function readWords(
  args: readonly string[],
): { ok: true; words: IptablesWords } | { ok: false; message: string } {
  const draft: Draft = {
    table: 'filter',
    command: undefined,
    chain: undefined,
    number: undefined,
    isNumeric: false,
    isVerbose: false,
    hasLineNumbers: false,
    rest: [],
  }
  const queue = args.flatMap(word => splitFlags(LONG[word] ?? word))
  while (queue.length > 0) {
    const word = queue.shift()!
    if (word === '-t') {
      const table = queue.shift()
      if (table === undefined) return { ok: false, message: 'option "-t" requires an argument' }
      draft.table = table
    } else if (word === '-w') {
      if (/^\d+$/.test(queue[0] ?? '')) queue.shift()
    } else if (word === '-n') draft.isNumeric = true
    else if (word === '-v') draft.isVerbose = true
    else if (word === '--line-numbers') draft.hasLineNumbers = true
    else if (/^-[AIDCLSFZXP]$/.test(word) && draft.command === undefined) {
      const message = takeCommand(draft, word[1]!, queue)
      if (message !== undefined) return { ok: false, message }
    } else draft.rest.push(word)
  }
  return { ok: true, words: draft }
}

/** The command's chain and number stand behind it. */
function takeCommand(draft: Draft, command: string, queue: string[]): string | undefined {
  draft.command = command
  const hasChain = queue[0] !== undefined && !queue[0].startsWith('-') && queue[0] !== '!'
  if (hasChain) draft.chain = queue.shift()
  else if ('AIDCP'.includes(command)) return `option "-${command}" requires an argument`
  const isNumbered = 'ID'.includes(command) && /^[1-9]\d*$/.test(queue[0] ?? '')
  if (isNumbered) draft.number = Number(queue.shift())
  return undefined
}

/** `-nvL` is three words. */
function splitFlags(word: string): readonly string[] {
  return /^-[nv]*[nvLSFZX]$/.test(word) ? [...word.slice(1)].map(letter => `-${letter}`) : [word]
}
