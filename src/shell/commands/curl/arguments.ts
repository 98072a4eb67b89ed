/** What curl's command line asks for. */
export interface CurlArguments {
  readonly urls: readonly string[]
  readonly isSilent: boolean
  readonly showError: boolean
  readonly isVerbose: boolean
  readonly includeHead: boolean
  readonly isHead: boolean
  readonly failOnError: boolean
  readonly followRedirects: boolean
  readonly output: string | undefined
  readonly writeOut: string | undefined
  readonly method: string | undefined
  readonly userAgent: string | undefined
  readonly headers: readonly (readonly [string, string])[]
  readonly connectTimeoutNs: number | undefined
  readonly maximumNs: number | undefined
}

/** A usage mistake: the text after `curl: `, and curl's exit code. */
export interface CurlMistake {
  readonly error: string
  readonly exitCode: number
}

const FLAGS: Readonly<Record<string, string>> = {
  '-s': 'silent',
  '--silent': 'silent',
  '-S': 'show-error',
  '--show-error': 'show-error',
  '-v': 'verbose',
  '--verbose': 'verbose',
  '-i': 'include',
  '--include': 'include',
  '-I': 'head',
  '--head': 'head',
  '-f': 'fail',
  '--fail': 'fail',
  '-L': 'location',
  '--location': 'location',
  '-4': 'ipv4',
  '--ipv4': 'ipv4',
  '-k': 'insecure',
  '--insecure': 'insecure',
  '-g': 'globoff',
  '-N': 'no-buffer',
  '--no-buffer': 'no-buffer',
  '--no-progress-meter': 'no-progress-meter',
  '--http1.1': 'http1.1',
}

const WITH_VALUE: Readonly<Record<string, string>> = {
  '-o': 'output',
  '--output': 'output',
  '-w': 'write-out',
  '--write-out': 'write-out',
  '-m': 'max-time',
  '--max-time': 'max-time',
  '--connect-timeout': 'connect-timeout',
  '-H': 'header',
  '--header': 'header',
  '-X': 'request',
  '--request': 'request',
  '-A': 'user-agent',
  '--user-agent': 'user-agent',
  '--url': 'url',
}

/** Parses the words after `curl`. Options that exist in curl but not here are refused by name. */
export function parseCurlArguments(words: readonly string[]): CurlArguments | CurlMistake {
  const flags = new Set<string>()
  const values = new Map<string, string[]>()
  const urls: string[] = []
  const queue = words.flatMap(splitCluster)
  while (queue.length > 0) {
    const word = queue.shift()!
    const flag = FLAGS[word]
    const key = WITH_VALUE[word]
    if (flag !== undefined) flags.add(flag)
    else if (key !== undefined) {
      const value = queue.shift()
      if (value === undefined) return usage(`option ${word}: requires parameter`)
      values.set(key, [...(values.get(key) ?? []), value])
    } else if (word.startsWith('-') && word.length > 1) return usage(`option ${word}: is unknown`)
    else urls.push(word)
  }
  urls.push(...(values.get('url') ?? []))
  if (urls.length === 0) return { error: '(2) no URL specified', exitCode: 2 }
  return assemble(urls, flags, values)
}

function assemble(
  urls: readonly string[],
  flags: ReadonlySet<string>,
  values: ReadonlyMap<string, readonly string[]>,
): CurlArguments | CurlMistake {
  const connectTimeoutNs = parseSeconds(values.get('connect-timeout')?.at(-1))
  const maximumNs = parseSeconds(values.get('max-time')?.at(-1))
  if (connectTimeoutNs === 'wrong') return usage('option --connect-timeout: expected a proper numerical parameter')
  if (maximumNs === 'wrong') return usage('option -m: expected a proper numerical parameter')
  return {
    urls,
    isSilent: flags.has('silent'),
    showError: flags.has('show-error') || !flags.has('silent'),
    isVerbose: flags.has('verbose'),
    includeHead: flags.has('include'),
    isHead: flags.has('head'),
    failOnError: flags.has('fail'),
    followRedirects: flags.has('location'),
    output: values.get('output')?.at(-1),
    writeOut: values.get('write-out')?.at(-1),
    method: values.get('request')?.at(-1),
    userAgent: values.get('user-agent')?.at(-1),
    headers: (values.get('header') ?? []).map(splitHeader),
    connectTimeoutNs,
    maximumNs,
  }
}

/** `-sSo file` → `-s -S -o file`; `-m2` → `-m 2`. */
function splitCluster(word: string): string[] {
  if (!/^-[^-]./.test(word)) return [word]
  const words: string[] = []
  for (let index = 1; index < word.length; index += 1) {
    const option = `-${word[index]}`
    words.push(option)
    if (WITH_VALUE[option] === undefined) continue
    const value = word.slice(index + 1)
    return value === '' ? words : [...words, value]
  }
  return words
}

function splitHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1).trim()]
}

function parseSeconds(text: string | undefined): number | 'wrong' | undefined {
  if (text === undefined) return undefined
  if (!/^\d+(\.\d+)?$/.test(text)) return 'wrong'
  const ns = Math.round(Number(text) * 1e9)
  return ns === 0 ? undefined : ns
}

function usage(problem: string): CurlMistake {
  return { error: `${problem}\ncurl: try 'curl --help' for more information`, exitCode: 2 }
}
