import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCapture } from '../../src/capture/file/read-capture.ts'
import { realFiles } from '../../src/cli/real-files.ts'
import { type LinkCapture, LinkRecorder } from '../../src/lab/link-recorder.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import { runScenario } from '../../src/scenario/run-scenario.ts'
import { decodeFrame } from '../../src/wire/frame-codec.ts'
import { ownTcpdump } from '../support/capture-tool.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { hasRealTcpdump, hasTshark, realTcpdump } from '../support/real-tcpdump.ts'

/*
 * The captures of a whole scenario: a fabric of FRR routers, GoBGP on the nodes, Cilium with DSR, curl and nginx.
 */
const folder = mkdtempSync(join(tmpdir(), 'drylab-run-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a scenario and writes the capture of every link. */
async function capture(name: string): Promise<readonly LinkCapture[]> {
  const path = join(ROOT, 'scenarios', name)
  const { model } = parseScenario(realFiles.readText(path)!, path)
  let recorder: LinkRecorder | undefined
  await runScenario(model!, {
    files: realFiles,
    onLab: lab => {
      recorder = new LinkRecorder(lab)
    },
  })
  const files = recorder!.files()
  for (const { fileName, bytes } of files) writeFileSync(join(folder, name + fileName), bytes)
  return files
}

describe.each(['article-1-bgp.yaml', 'article-2-l2.yaml', 'article-3-dsr.yaml'])('the captures of %s', name => {
  let files: readonly LinkCapture[] = []
  beforeAll(async () => {
    files = await capture(name)
  }, 120_000)

  test('are there for the links of the fabric and for pods', () => {
    const names = files.map(({ fileName }) => fileName)
    expect(names).toContain('cilium-bgp_leaf01_eth2--spine01_eth1.pcapng')
    expect(names.some(name => name.startsWith('pod_'))).toBe(true)
  })

  test('decode to frames again, every one', () => {
    for (const { bytes } of files) {
      const capture = readCapture(bytes)
      if ('error' in capture) throw new Error(capture.error)
      for (const packet of capture.packets) decodeFrame(packet.bytes)
    }
  })

  test.skipIf(!hasRealTcpdump)('are printed as tcpdump 4.99.3 prints them', { timeout: 60_000 }, () => {
    for (const { bytes } of files)
      for (const args of [['-nn'], ['-nn', '-vv', '-e'], ['-nn', '-v', 'tcp port 179']])
        expect(ownTcpdump(bytes, args)).toEqual(realTcpdump(bytes, args))
  })

  test.skipIf(!hasTshark)(
    'hold nothing that tshark finds malformed, wrong or out of place',
    { timeout: 120_000 },
    () => {
      const checks = ['ip', 'tcp', 'udp'].flatMap(protocol => ['-o', `${protocol}.check_checksum:TRUE`])
      const wrong = [
        '_ws.malformed or ip.checksum.status == 0 or tcp.checksum.status == 0 or udp.checksum.status == 0 or icmp.checksum.status == 0',
        // 0x600000 is a warning: resets are what a spine that dies leaves behind, and an address that moves by gratuitous ARP
        // looks like one used twice; the rest would be ours
        '(_ws.expert.severity >= 0x600000 and not tcp.flags.reset == 1 and not arp.duplicate-address-detected)',
      ].join(' or ')
      for (const { fileName } of files) {
        const result = spawnSync('tshark', ['-r', join(folder, name + fileName), ...checks, '-Y', wrong], {
          encoding: 'utf8',
        })
        expect({ fileName, stdout: result.stdout, status: result.status }).toEqual({ fileName, stdout: '', status: 0 })
      }
    },
  )

  test.skipIf(!hasTshark)('say where packets were rewritten', () => {
    const comments = files.map(({ fileName }) => {
      const args = ['-r', join(folder, name + fileName), '-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.comment']
      return spawnSync('tshark', args, { encoding: 'utf8' }).stdout
    })
    const rewrite = /rewritten at cilium-bgp-[\w-]+: destination \d+\.0\.\d+\.10\d:80 -> 10\.1\.\d+\.\d+:80/
    expect(comments.join('')).toMatch(rewrite)
  })
})

if (!hasRealTcpdump || !hasTshark)
  test.skip('tcpdump 4.99.3 or tshark is not installed here: what is compared with them was skipped', () => {})
