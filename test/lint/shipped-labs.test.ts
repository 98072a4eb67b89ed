import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { lint } from '../../src/lint/lint.ts'
import { SourceTexts } from '../../src/lint/source-texts.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import { ROOT } from '../support/open-settled-lab.ts'

describe('the labs that are shipped', () => {
  test.each([
    'topologies/bfd-pair/lab.clab.yml',
    'topologies/clos-2x4/lab.clab.yml',
    'topologies/cilium-bgp/setup.sh',
    'topologies/cilium-bgp/setup-l2.sh',
  ])('%s raises no alarm', { timeout: 60_000 }, async path => {
    const texts = new SourceTexts(join(ROOT, path), realFiles)
    const { lab, setup } = await openLab({ path: join(ROOT, path), files: texts.files })
    expect(setup.exitCode).toBe(0)
    expect(lint(lab, texts).filter(report => report.level !== 'info')).toEqual([])
  })
})
