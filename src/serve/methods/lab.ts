import { z } from 'zod'
import { loadLab } from '../../api/load-lab.ts'
import { CHECK_TABLE, type CheckArgument, type CheckName } from '../../scenario/assertions/table.ts'
import { faultSchema } from '../../scenario/fault-schema.ts'
import { duration } from '../../scenario/values.ts'
import { findQuestion } from '../../why/questions.ts'
import { defineMethod, labOf } from '../method.ts'
import { invalidParams } from '../rpc.ts'
import type { ServedLab } from '../session.ts'
import { stateOf } from '../state-of.ts'

const lab = z.string()
const when = z.strictObject({
  within: duration.optional(),
  always: duration.optional(),
  never: duration.optional(),
  settled: duration.optional(),
})

export const load = defineMethod({
  summary:
    'builds a lab from a containerlab file or setup script and lets it settle; gives its identifier and its nodes',
  params: z.strictObject({
    lab: z.string().min(1).meta({ description: 'path of the file' }),
    seed: z.int().min(0).max(0xffffffff).optional(),
    clock: z.string().optional(),
    settle: z.union([duration, z.literal(false)]).optional(),
    events: z
      .array(z.string())
      .optional()
      .meta({ description: 'kinds to notify as lab.event: "bgp.session", "bgp", "*"' }),
  }),
  async run(session, { lab: path, events = [], seed, clock, settle }) {
    const loaded = await loadLab(path, {
      ...(seed === undefined ? {} : { seed }),
      ...(clock === undefined ? {} : { clock }),
      settle: false,
      breathe: session.breathe,
    })
    const served = session.add(loaded, events)
    if (settle !== false) await loaded.settle(settle)
    const { notices } = loaded.lab
    return {
      lab: served.id,
      nowNs: loaded.nowNs,
      nodes: loaded.lab.nodes().map(({ name, containerName, kind }) => ({ name, containerName, kind })),
      notices: notices.map(({ code, severity, message, source }) => ({ code, severity, message, source })),
    }
  },
})

export const run = defineMethod({
  summary: 'lets time pass: a span, or until only periodic work is left (at most the limit)',
  params: z
    .strictObject({
      lab,
      for: duration.optional(),
      until: z.literal('settled').optional(),
      limit: duration.optional(),
    })
    .refine(({ for: span, until }) => (span === undefined) !== (until === undefined), {
      error: 'expected one of "for" and "until"',
    }),
  async run(session, params) {
    const { loaded } = labOf(session, params)
    const eventsBefore = loaded.lab.simulator.executedEvents
    if (params.for === undefined) await loaded.settle(params.limit)
    else await loaded.wait(params.for)
    return { nowNs: loaded.nowNs, events: loaded.lab.simulator.executedEvents - eventsBefore }
  },
})

const faultParams = z.strictObject({ lab, fail: faultSchema.optional(), restore: faultSchema.optional() })

export const fault = defineMethod({
  summary: 'breaks or mends something, as "fail" and "restore" of scenarios do',
  params: faultParams.refine(({ fail, restore }) => (fail === undefined) !== (restore === undefined), {
    error: 'expected one of "fail" and "restore"',
  }),
  async run(session, params) {
    const { loaded } = labOf(session, params)
    if (params.fail !== undefined) await loaded.fail(params.fail)
    if (params.restore !== undefined) await loaded.restore(params.restore)
    return { nowNs: loaded.nowNs }
  },
})

export const check = defineMethod({
  summary: 'evaluates a check of scenarios; gives whether it holds and what there is',
  params: z.strictObject({
    lab,
    check: z.enum(Object.keys(CHECK_TABLE) as [CheckName, ...CheckName[]]),
    argument: z.unknown(),
    when: when.optional(),
  }),
  async run(session, { check: name, argument, when: timing = {}, ...params }) {
    const { loaded } = labOf(session, params)
    // the check's own schema judges the argument
    const report = await loaded.check(name, argument as CheckArgument<CheckName>, definedOf(timing))
    const { holds, expected, seen, atNs, journal } = report
    return { holds, expected, seen, atNs, journal }
  },
})

export const why = defineMethod({
  summary: 'explains a route (NODE PREFIX), a way (FROM TO; a packet is sent) or an announced address (ADDRESS)',
  params: z.strictObject({ lab, question: z.string(), about: z.array(z.string()) }),
  async run(session, params) {
    const { loaded } = labOf(session, params)
    const question = findQuestion(params.question, params.about.length)
    const answer = 'mistake' in question ? question : question.ask(loaded.lab, params.about, {})
    if ('mistake' in answer) throw invalidParams([answer.mistake])
    return { ...answer, nowNs: loaded.nowNs }
  },
})

export const snapshot = defineMethod({
  summary: 'gives the rows of the tables named (all without names), of one node or of the whole lab',
  params: z.strictObject({ lab, tables: z.array(z.string()).optional(), node: z.string().optional() }),
  async run(session, params) {
    const { loaded } = labOf(session, params)
    const node = params.node === undefined ? undefined : loaded.node(params.node)
    return { nowNs: loaded.nowNs, tables: stateOf(loaded.lab, { tables: params.tables, node }) }
  },
})

export const close = defineMethod({
  summary: 'lets the lab go',
  params: z.strictObject({ lab }),
  async run(session, params) {
    const served: ServedLab = labOf(session, params)
    session.labs.delete(served.id)
    return {}
  },
})

function definedOf<Value extends object>(value: Value): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never
}
