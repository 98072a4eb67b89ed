import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderAnswer } from '../../src/why/render-answer.ts'
import { formatPrefix } from '../../src/wire/address.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { ask, blamed, EditedLab } from './edited-lab.ts'

/** What takes a reason away at the line that was blamed for it; undefined: not by this line alone. */
function mended(line: string, reason: string, prefix: string): string | undefined {
  const list = /^(bgp as-path access-list|ip prefix-list|access-list) \S+/.exec(line)?.[0]
  if (/ has no entry for /.test(reason) && list !== undefined)
    return `${line}\n${list} permit ${list.startsWith('bgp') ? '.*' : 'any'}`
  if (/does not announce it/.test(reason) && /^router bgp/.test(line))
    return `${line}\n address-family ipv4 unicast\n  network ${prefix}\n exit-address-family`
  if (/\bdeny\b/.test(line)) return line.replace(/\bdeny\b/, 'permit')
  if (/^\s*aggregate-address .* summary-only/.test(line)) return line.replace(' summary-only', '')
  return undefined
}

/** Labs recorded from real FRR, with policies drawn at random. */
const LABS = readdirSync(join(ROOT, 'test/labs')).sort()
/** Of each lab, as many different lines are turned, and of one kind no more than these. */
const TURNED = 3
const OF_A_KIND = 2

describe('turning a blamed line takes its reason away', () => {
  test.each(LABS)('%s', async name => {
    const folder = `test/labs/${name}`
    const original = new EditedLab(folder, [])
    const lab = await original.open()
    const prefixes = new Set(lab.nodes().flatMap(node => node.router?.zebra.snapshotRib().map(row => row.prefix) ?? []))
    const turned = new Set<string>()
    const kinds = new Map<string, number>()
    for (const node of lab.nodes())
      for (const prefix of prefixes) {
        if (turned.size >= TURNED) return
        const question = `route ${node.name} ${formatPrefix(prefix)}`
        const answer = ask(lab, question)
        const source = answer.isPositive ? undefined : blamed(answer.steps)
        if (source === undefined) continue
        const place = original.placeOf(source)
        const file = place.slice(0, place.lastIndexOf(':'))
        const line = original.text(file).split('\n')[source.line - 1]!
        const before = answer.steps.find(step => step.outcome === 'fail')?.text ?? ''
        const better = mended(line, before, formatPrefix(prefix))
        const kind = line.trim().split(' ')[0]!
        if (better === undefined || turned.has(place) || (kinds.get(kind) ?? 0) >= OF_A_KIND) continue
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        turned.add(place)
        const after = await new EditedLab(folder, [[file, `${line}\n`, `${better}\n`]]).ask(question)
        const reason = after.isPositive ? undefined : after.steps.find(step => step.outcome === 'fail')?.text
        expect(reason, `${place} ${line}\n${renderAnswer(answer)}\n${renderAnswer(after)}`).not.toBe(before)
      }
  })
})
