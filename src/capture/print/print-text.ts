import type { Dissection } from './dissection.ts'

/** Methods after which a line is a request; without a list any first line is printed. */
const METHODS: Readonly<Record<string, readonly string[] | undefined>> = {
  http: (
    'GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY ' +
    'BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT ' +
    'MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL'
  ).split(' '),
  rtsp: 'OPTIONS DESCRIBE ANNOUNCE SETUP PLAY PAUSE TEARDOWN GET_PARAMETER SET_PARAMETER REDIRECT RECORD'.split(' '),
}
/** A longer word is no method. */
const LONGEST_TOKEN = 127

/** Prints the text of a line-based protocol. Source: txtproto_print of util-print.c. */
export function printText(sheet: Dissection, protocol: string, at: number, length: number): void {
  sheet.protocol = protocol
  const text = captured(sheet, at, length)
  sheet.print(protocol.toUpperCase())
  if (!startsMessage(text, METHODS[protocol])) return
  if (sheet.options.verbosity === 0) {
    printLine(sheet, ': ', text, 0, length)
    return
  }
  sheet.print(`, length: ${length}`)
  for (let offset: number | undefined = 0; offset !== undefined && offset < length; ) {
    offset = printLine(sheet, '\n\t', text, offset, length)
  }
}

/** The captured part, one character per byte. */
function captured(sheet: Dissection, at: number, length: number): string {
  let text = ''
  for (const byte of sheet.bytes.subarray(at, Math.min(at + length, sheet.end))) text += String.fromCharCode(byte)
  return text
}

/** Whether the first word is a method, or the second one a status of three digits. */
function startsMessage(text: string, methods: readonly string[] | undefined): boolean {
  if (methods === undefined) return true
  const first = token(text, 0)
  if (first === undefined) return false
  if (methods.includes(first.word.toUpperCase())) return true
  const second = token(text, first.next)
  return second !== undefined && /^\d{3}$/.test(second.word)
}

/** The word at an offset, and where the next one on the line starts; undefined when there is none or it is not plain. */
function token(text: string, from: number): { readonly word: string; readonly next: number } | undefined {
  let at = from
  while (at < text.length && !' \t\r\n'.includes(text[at]!)) {
    if (text[at]! < ' ' || text[at]! > '~') return undefined
    at += 1
  }
  const word = text.slice(from, at)
  if (word === '' || word.length > LONGEST_TOKEN) return undefined
  while (at < text.length && text[at] === ' ') at += 1
  return { word, next: at }
}

/** Prints one line; returns where the next one starts, undefined when this was the last or is not plain text. */
function printLine(sheet: Dissection, prefix: string, text: string, from: number, length: number): number | undefined {
  let at = from
  while (at < length) {
    sheet.need(0, at < text.length ? 0 : Number.POSITIVE_INFINITY)
    const character = text[at]!
    if (character === '\n') {
      sheet.print(`${prefix}${text.slice(from, at)}`)
      return at + 1
    }
    if (character === '\r') {
      if (at + 1 >= length || text[at + 1] !== '\n') return undefined
      sheet.print(`${prefix}${text.slice(from, at)}`)
      return at + 2
    }
    if ((character < ' ' || character > '~') && character !== '\t') return undefined
    at += 1
  }
  sheet.print(`${prefix}${text.slice(from)}`)
  sheet.printTruncated()
  return undefined
}
