import type { z } from 'zod'
import { ERROR_CODE, RpcError } from './rpc.ts'
import type { ServedLab, Session } from './session.ts'

/** A method of the server. */
export interface Method<Params = unknown> {
  /** One line for people: what it does and gives. */
  readonly summary: string
  readonly params: z.ZodType<Params>
  run(session: Session, params: Params): Promise<unknown>
}

/** Ties the type of the parameters to their schema. */
export function defineMethod<Params>(method: Method<Params>): Method<Params> {
  return method
}

/** The lab that the parameters name. RpcError when there is none. */
export function labOf(session: Session, { lab }: { readonly lab: string }): ServedLab {
  const served = session.labs.get(lab)
  if (served === undefined) throw new RpcError(ERROR_CODE.unknownLab, `there is no lab "${lab}"`)
  return served
}
