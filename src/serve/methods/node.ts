import { z } from 'zod'
import { defineMethod, labOf } from '../method.ts'

export const exec = defineMethod({
  summary:
    'runs shell text on a node ("machine": where the lab runs, in the folder of its file); gives output and status',
  params: z.strictObject({ lab: z.string(), node: z.string(), command: z.string() }),
  async run(session, params) {
    const { loaded } = labOf(session, params)
    const { node, command } = params
    const result = await (node === 'machine' ? loaded.run(command) : loaded.exec(node, command))
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode, nowNs: loaded.nowNs }
  },
})
