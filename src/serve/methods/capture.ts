import { z } from 'zod'
import { fileTextToBytes } from '../../shell/commands/tcpdump/binary-file.ts'
import { quoteWord } from '../../text/tokenize.ts'
import { defineMethod, labOf } from '../method.ts'
import { ERROR_CODE, invalidParams, RpcError } from '../rpc.ts'

const fileOf = (capture: string): string => `/tmp/drylab-${capture}.pcap`

export const start = defineMethod({
  summary: 'starts tcpdump on an interface; its lines come as capture.line, or the packets as a file at the end',
  params: z.strictObject({
    lab: z.string(),
    node: z.string(),
    interface: z.string().meta({ description: 'a name, or "any"' }),
    filter: z.string().optional(),
    options: z.array(z.string()).optional().meta({ description: "tcpdump's options; without them -nn" }),
    format: z.enum(['lines', 'pcap']).optional(),
  }),
  async run(session, params) {
    const served = labOf(session, params)
    const { loaded } = served
    const node = loaded.node(params.node)
    const id = served.nextCapture()
    const file = params.format === 'pcap' ? ['-w', fileOf(id)] : []
    const filter = params.filter === undefined ? [] : [params.filter]
    const words = ['tcpdump', '-i', params.interface, ...(params.options ?? ['-nn']), ...file, ...filter]
    const command = loaded.terminal.start(words.map(quoteWord).join(' '), { node })
    if (command === undefined) throw invalidParams(['filter and options: tcpdump must be able to take them as words'])
    // what tcpdump refuses, it refuses at once
    loaded.lab.simulator.runUntil(loaded.nowNs)
    if (command.task.isDone) throw new RpcError(ERROR_CODE.lab, command.output().stderr.trim())
    served.captures.set(id, { id, node, command, isFile: params.format === 'pcap', told: 0 })
    return { capture: id, nowNs: loaded.nowNs }
  },
})

/** How long tcpdump may take to end, nanoseconds. */
const END_NS = 1e9

export const stop = defineMethod({
  summary: "ends a capture; gives tcpdump's closing words, and the file in base64 when it was asked for",
  params: z.strictObject({ lab: z.string(), capture: z.string() }),
  async run(session, params) {
    const served = labOf(session, params)
    const capture = served.captures.get(params.capture)
    if (capture === undefined) throw invalidParams([`capture: there is no "${params.capture}" that runs`])
    const { simulator } = served.loaded.lab
    const { task, output } = capture.command
    task.interrupt()
    simulator.runWhile(() => !task.isDone, simulator.nowNs + END_NS)
    served.tell()
    served.captures.delete(capture.id)
    const text = served.loaded.terminal.filesOf(capture.node).readText(fileOf(capture.id)) ?? ''
    const pcap = capture.isFile ? { pcap: Buffer.from(fileTextToBytes(text) ?? []).toString('base64') } : {}
    return { ...pcap, stderr: output().stderr, nowNs: simulator.nowNs }
  },
})
