import type { Dissection } from './dissection.ts'

/** IPv6 is not modelled: its addresses and what it carries are named, no more. Differs from tcpdump: nothing below is decoded. */
export function printIpv6(sheet: Dissection, at: number, length: number): void {
  sheet.protocol = 'ip6'
  sheet.print('IP6 ')
  sheet.need(at, 40)
  const next = sheet.uint8(at + 6)
  sheet.print(
    `${addressText(sheet, at + 8)} > ${addressText(sheet, at + 24)}: next header ${next}, length ${length - 40}`,
  )
  sheet.print(' (IPv6 is not decoded by drylab)')
}

/** RFC 5952: the longest run of zeros is left out. */
function addressText(sheet: Dissection, at: number): string {
  const words = Array.from({ length: 8 }, (_, index) => sheet.uint16(at + 2 * index).toString(16))
  const text = words.join(':')
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length || a.index - b.index)
  const longest = runs[0]
  if (longest === undefined) return text
  const before = text.slice(0, longest.index).replace(/:$/, '')
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '')
  return `${before}::${after}`
}
